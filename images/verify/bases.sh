# shellcheck shell=bash
# The base images of images/verify.sh, made of Debian's packages and this machine's Rust, since no registry is asked.
# Sourced; needs $work and fail. Sets $build_base and $runtime_base.

: "${work:?}"

DEBIAN=bookworm
MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
# Those of docker.io/library/rust that the build uses.
BUILD_PACKAGES=gcc,g++,make,pkg-config,python3-minimal,ca-certificates,netbase
# Those of gcr.io/distroless/cc that the programs use.
RUNTIME_PACKAGES=(base-files libc6 libgcc-s1 netbase)

make_bases() {
    local rust stamp
    rust=$(rustc --version | cut -d' ' -f2) || fail "rustc was not found; install Rust (https://rustup.rs)"
    stamp=$rust-$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-12)
    build_base=localhost/vitrina-build-base:$stamp
    runtime_base=localhost/vitrina-runtime-base:$stamp
    if is_there "$build_base" && is_there "$runtime_base"; then
        echo "they are there: $build_base, $runtime_base"
        return
    fi
    # Those of another compiler, and what was built from them.
    buildah rmi --all --force >/dev/null
    debian_root
    import "$(runtime_root)" "$runtime_base"
    add_rust
    import "$work/debian" "$build_base"
    rm -rf "$work/debian" "$work/runtime"
}

is_there() {
    buildah inspect --type image "$1" >/dev/null 2>&1
}

# import FOLDER IMAGE: an image of one layer.
import() {
    local container
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$1" / >/dev/null
    buildah commit --quiet --rm "$container" "$2" >/dev/null
    echo "made $2, $(du --summarize --block-size=M "$1" | cut -f1)"
}

debian_root() {
    rm -rf "$work/debian"
    echo "making Debian $DEBIAN with a C compiler from $MIRROR"
    debootstrap --variant=minbase --include="$BUILD_PACKAGES" "$DEBIAN" "$work/debian" "$MIRROR" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" >&2 && fail "debootstrap failed, see above; DEBIAN_MIRROR names another mirror"; }
}

# Like distroless: what the packages hold, without their scripts; no program at all.
runtime_root() {
    local package archive folder=$work/runtime
    rm -rf "$folder"
    mkdir -p "$folder"/etc/ssl/certs "$folder"/var/lib/dpkg/status.d
    for package in "${RUNTIME_PACKAGES[@]}"; do
        archive=$(find "$work/debian/var/cache/apt/archives" -name "${package}_*.deb")
        dpkg-deb --extract "$archive" "$folder"
        # By these, scanners know the packages.
        dpkg-deb --field "$archive" >"$folder/var/lib/dpkg/status.d/$package"
    done
    # What Debian's users would meet when they log in.
    rm -rf "$folder"/etc/{update-motd.d,profile.d,issue,issue.net} "$folder"/usr/share/{base-files,man,lintian}
    find "$folder/usr/share/doc" -type f ! -name copyright -delete
    cp "$work/debian/etc/ssl/certs/ca-certificates.crt" "$folder/etc/ssl/certs"
    printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >"$folder/etc/passwd"
    printf '%s\n' root:x:0: nonroot:x:65532: >"$folder/etc/group"
    echo 'hosts: files dns' >"$folder/etc/nsswitch.conf"
    install --directory --owner=65532 --group=65532 --mode=0700 "$folder/home/nonroot"
    echo "$folder"
}

add_rust() {
    local sysroot
    sysroot=$(rustc --print sysroot)
    [[ -x $sysroot/bin/cargo ]] || fail "$sysroot has no cargo beside rustc; install Rust with rustup (https://rustup.rs)"
    cp -a "$sysroot"/bin/{cargo,rustc} "$work/debian/usr/local/bin"
    cp -a "$sysroot/lib/." "$work/debian/usr/local/lib"
    rm -rf "$work"/debian/var/cache/apt/archives/*.deb "$work"/debian/var/lib/apt/lists/*
}
