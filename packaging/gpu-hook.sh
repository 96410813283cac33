#!/bin/sh
# NVIDIA's container hook in the tests' private engine: with a program of this name on its PATH the engine takes requests for GPUs.
# Like the real one it lets a container start that asks for GPUs that are there, and ends the start of one that asks for others.
# The GPUs that are there stand in the file `gpus` beside it, one UUID a line. It gives the container nothing: no device, no library.
set -u
here=$(dirname "$0")
# The runtime hands over the container's state, which names the folder of its configuration.
bundle=$(sed -n 's/.*"bundle": *"\([^"]*\)".*/\1/p')
# As for the real one, the last of several counts.
asked=$(grep -o '"NVIDIA_VISIBLE_DEVICES=[^"]*"' "$bundle/config.json" | tail -n 1 | sed 's/.*=//; s/"$//')
for gpu in $(printf '%s' "$asked" | tr ',' ' '); do
  case $gpu in all|void|none) continue ;; esac
  if ! grep -qx -- "$gpu" "$here/gpus"; then
    echo "nvidia-container-cli: device error: $gpu: unknown device" >&2
    exit 1
  fi
done
