#!/usr/bin/env bash
# Runs the steps of the workflow in the description of the simulator in the directory MODULE: START, which starts the simulator, and NEXT. It builds the simulator of this repository, on free ports, instead of a release. The simulator stops at the end of the workflow.
set -e
PACKAGE=$PWD
go() {
	case "$1" in
	install)
		mkdir "$RUNNER_TEMP/bin"
		command go build -C "$PACKAGE" -o "$RUNNER_TEMP/bin/simulator" ../civosim/cmd/civosim
		cat > "$RUNNER_TEMP/bin/civosim" <<-'EOF'
			#!/bin/sh
			exec "$RUNNER_TEMP/bin/simulator" -addr 127.0.0.1:0 -s3-addr 127.0.0.1:0 -cli-config "$RUNNER_TEMP/civo.json" "$@"
		EOF
		chmod +x "$RUNNER_TEMP/bin/civosim"
		;;
	env) echo "$RUNNER_TEMP" ;;
	*) return 2 ;;
	esac
}
terraform() { command "$TERRAFORM" "$@"; }
trap 'kill $!; wait' EXIT

cd "$MODULE"
eval "$START"
set -a
. "$GITHUB_ENV" # for the next steps
set +a
eval "$NEXT"
