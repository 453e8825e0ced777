#!/usr/bin/env bash
# Installs Plantproof from the checkout in which this script lies, with the locked versions, into an environment.
# usage: install.sh FOLDER; afterwards FOLDER/bin/plantproof is there.
set -euo pipefail

folder=${1:?usage: install.sh FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
# -I: Python takes nothing from the folder in which it is started, which is that of the change under review.
python3 -I -m venv "$folder"
pip() { "$folder/bin/python" -I -m pip install --quiet --disable-pip-version-check "$@"; }
pip --require-hashes -r "$here/requirements.lock"
pip --no-deps --no-build-isolation "$here"
"$folder/bin/plantproof" --version
