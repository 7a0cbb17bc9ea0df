#!/bin/sh
# Builds the file tree of the image without Docker: rootfs.sh [FOLDER], default dist/rootfs.
# VERSION and COMMIT go into the binary; CA_FILE is the file of authorities that is copied.
set -eu
cd "$(dirname "$0")/.."
out=${1:-dist/rootfs}
ca=${CA_FILE:-}
for each in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
  [ -n "$ca" ] || { [ -f "$each" ] && ca=$each; } || true
done
[ -n "$ca" ] || { echo "rootfs: no file of authorities here; name one in CA_FILE" >&2; exit 1; }

rm -rf "$out"
mkdir -p "$out/etc/ssl/certs"
cp "$ca" "$out/etc/ssl/certs/ca-certificates.crt"
packaging/build.sh ./cmd/etcp-mock "$out/etcp-mock"

size=$(wc -c <"$out/etcp-mock")
if [ "$size" -ge $((30 * 1024 * 1024)) ]; then
  echo "rootfs: the binary has $size bytes, over 30 MiB" >&2
  exit 1
fi
if LC_ALL=C grep -q -a -e /lib64/ld-linux -e /lib/ld-linux -e /lib/ld-musl "$out/etcp-mock"; then
  echo "rootfs: the binary names a dynamic loader: it is not static" >&2
  exit 1
fi
echo "$out: $(du -sk "$out" | cut -f1) KiB, the binary $size bytes, static"
