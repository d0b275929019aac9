#!/usr/bin/env bash
# Tests the tracking store and the sending of runs against a real MLflow, installed into a throw-away virtual
# environment below framework/target. Without Python or pip the tests are skipped, and a line says so.
#
#   MLFLOW="mlflow==3.17.2" framework/src/test/mlflow/run.sh     another version than the newest
set -euo pipefail
cd "$(dirname "$0")/../../../.."

MLFLOW=${MLFLOW:-mlflow}
MAVEN=${MAVEN:-mvn -q -B}
PYTHON=${PYTHON:-python3}
ENVIRONMENT=$PWD/framework/target/mlflow-venv/$(echo "$MLFLOW" | tr -c 'A-Za-z0-9.\n' '-')

skip() {
    echo "MLflow tests skipped: $1"
    exit 0
}

command -v "$PYTHON" >/dev/null || skip "there is no $PYTHON here"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "$PYTHON is older than 3.10"
if [ ! -e "$ENVIRONMENT/ready" ]; then
    rm -rf "$ENVIRONMENT"
    "$PYTHON" -m venv "$ENVIRONMENT" || skip "$PYTHON cannot make virtual environments"
    echo "Installing $MLFLOW into $ENVIRONMENT"
    "$ENVIRONMENT/bin/pip" install --quiet --disable-pip-version-check "$MLFLOW" ||
        skip "pip could not install $MLFLOW"
    touch "$ENVIRONMENT/ready"
fi
# A server of the person who runs this is no place for test runs.
unset MLFLOW_TRACKING_URI MLFLOW_EXPERIMENT_NAME MLFLOW_RUN_ID
$MAVEN test -pl framework -am -Dgroups=mlflow -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false \
    -Dmlflow.python="$ENVIRONMENT/bin/python"
