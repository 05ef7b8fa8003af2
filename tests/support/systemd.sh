#!/bin/bash
# Boots a systemd of its own that starts nothing: FOLDER is an empty folder, PROJECT is shown in it where it lies.
# Run by tests/support/systemd.ts in namespaces of its own; whatever is written goes into memory and is gone with it.
set -e
FOLDER=$1
PROJECT=$2
ROOT=$FOLDER/root
mount --make-rprivate /
mkdir -p "$FOLDER/layers" "$ROOT"
mount -t tmpfs tmpfs "$FOLDER/layers"
mkdir -p "$FOLDER/layers/upper" "$FOLDER/layers/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$FOLDER/layers/upper,workdir=$FOLDER/layers/work" "$ROOT"
# Before systemd begins: it clears /tmp when it boots.
for place in run tmp var/tmp dev; do mount -t tmpfs tmpfs "$ROOT/$place"; done
mount -t proc proc "$ROOT/proc"
for device in null zero random urandom tty full; do
  touch "$ROOT/dev/$device"
  mount --bind "/dev/$device" "$ROOT/dev/$device"
done
mount -t sysfs -o ro sys "$ROOT/sys"
mount -t cgroup2 cgroup2 "$ROOT/sys/fs/cgroup"
mkdir -p "$ROOT$PROJECT"
mount --bind -o ro "$PROJECT" "$ROOT$PROJECT"
mkdir -p "$ROOT/etc/systemd/system"
printf '[Unit]\nDescription=nothing\nDefaultDependencies=no\n' >"$ROOT/etc/systemd/system/nothing.target"
export container=docker
exec chroot "$ROOT" /lib/systemd/systemd --system --unit=nothing.target --log-target=console --log-level=notice --show-status=no
