# The images of the three services: `docker build --target catalog-query .`, and so on. images/README.md tells the rest.

# Either may be one of yours. The first has Rust, a C compiler and make; the second has the C library, libgcc and
# the certificates of public authorities.
ARG BUILD_IMAGE=docker.io/library/rust:1.95-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS toolchain
ENV CARGO_HOME=/usr/local/cargo
WORKDIR /source

FROM toolchain AS build
COPY . .
# The symbols stay, for the names in a backtrace. Lines of debugging would make an image four times as large.
RUN --mount=type=cache,id=vitrina-registry,target=/usr/local/cargo/registry \
    --mount=type=cache,id=vitrina-target,target=/source/target,sharing=locked \
    --mount=type=secret,id=cargo-config,target=/usr/local/cargo/config.toml \
    --mount=type=secret,id=ca-certificates,target=/etc/ssl/certs/ca-certificates.crt \
    cargo build --locked --release --package catalog-query --package catalog-admin --package cache-invalidator && \
    mkdir /programs && \
    for program in catalog-query catalog-admin cache-invalidator; do \
        strip --strip-debug -o "/programs/$program" "target/release/$program" || exit 1; \
    done

# Registries of their own: what is built at the same time must not unpack into one folder.
FROM toolchain AS cyclonedx
RUN --mount=type=cache,id=vitrina-registry-of-lists,target=/usr/local/cargo/registry \
    --mount=type=cache,id=vitrina-cyclonedx,target=/tmp/cyclonedx \
    --mount=type=secret,id=cargo-config,target=/usr/local/cargo/config.toml \
    --mount=type=secret,id=ca-certificates,target=/etc/ssl/certs/ca-certificates.crt \
    cargo install --locked --debug --root /usr/local --target-dir /tmp/cyclonedx cargo-cyclonedx@0.5.9

# What each program is made of. With `--target sbom --output FOLDER` these files alone.
FROM cyclonedx AS list
ARG SOURCE_DATE_EPOCH
COPY . .
RUN --mount=type=cache,id=vitrina-registry-of-lists,target=/usr/local/cargo/registry \
    --mount=type=secret,id=cargo-config,target=/usr/local/cargo/config.toml \
    --mount=type=secret,id=ca-certificates,target=/etc/ssl/certs/ca-certificates.crt \
    cargo cyclonedx --format json --spec-version 1.5 --target "$(rustc --print host-tuple)" && \
    mkdir /sbom && \
    for program in catalog-query catalog-admin cache-invalidator; do \
        mv "$program/$program.cdx.json" /sbom || exit 1; \
    done

FROM scratch AS sbom
COPY --from=list /sbom/ /

FROM ${RUNTIME_IMAGE} AS runtime
ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="Apache-2.0"
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
STOPSIGNAL SIGTERM

FROM runtime AS catalog-query
LABEL org.opencontainers.image.title="catalog-query" \
      org.opencontainers.image.description="Storefront reads: from memory, from Redis, from a replica, by the freshness rule"
COPY --from=build /programs/catalog-query /usr/local/bin/
COPY --from=sbom /catalog-query.cdx.json /usr/share/sbom/
EXPOSE 8080 9080
ENTRYPOINT ["/usr/local/bin/catalog-query"]

# Also what brings a database's schema up to date: `catalog-admin migrate`.
FROM runtime AS catalog-admin
LABEL org.opencontainers.image.title="catalog-admin" \
      org.opencontainers.image.description="Editors' reads and writes on the primary, imports, and the change publisher"
COPY --from=build /programs/catalog-admin /usr/local/bin/
COPY --from=sbom /catalog-admin.cdx.json /usr/share/sbom/
EXPOSE 8081 9081
ENTRYPOINT ["/usr/local/bin/catalog-admin"]

FROM runtime AS cache-invalidator
LABEL org.opencontainers.image.title="cache-invalidator" \
      org.opencontainers.image.description="Follows the changes of the catalog and keeps Redis true"
COPY --from=build /programs/cache-invalidator /usr/local/bin/
COPY --from=sbom /cache-invalidator.cdx.json /usr/share/sbom/
EXPOSE 9082
ENTRYPOINT ["/usr/local/bin/cache-invalidator"]
