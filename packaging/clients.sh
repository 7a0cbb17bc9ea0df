#!/usr/bin/env bash
# Builds what would be published of the clients, without a network: clients.sh [FOLDER], default dist/packages. Nothing is published.
#
#   etcp-client-V.jar, etcp-mock-junit5-V.jar   with -sources, -javadoc and .pom beside each
#   etcp_mock_client-V-py3-none-any.whl, etcp-mock-client-V.tar.gz
#   etcp-mock-client-V.tgz                      for npm
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
mkdir -p "${1:-dist/packages}"
out=$(cd "${1:-dist/packages}" && pwd)
rm -f "$out"/etcp*
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The same files give the same packages: their times are those of the last commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
[ "$SOURCE_DATE_EPOCH" -ge 315619200 ] || SOURCE_DATE_EPOCH=315619200 # a zip knows no time before 1980

java_package() { # NAME CLASSPATH
  local name=$1 classpath=$2 source=client/java/$1/src/main/java version jar
  version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "client/java/$name/pom.xml")
  local meta=META-INF/maven/io.github.etcp-mock/$name
  mkdir -p "$work/$name/classes/$meta" "$work/$name/javadoc"
  find "$source" -name '*.java' | LC_ALL=C sort >"$work/$name/files"
  javac -encoding UTF-8 -Xlint:all -Werror --release 11 -d "$work/$name/classes" -cp "$classpath" @"$work/$name/files"
  javadoc -quiet -encoding UTF-8 -charset UTF-8 -Xdoclint:all,-missing -Xmaxwarns 1000 --release 11 -notimestamp \
    -d "$work/$name/javadoc" -classpath "$classpath:$work/$name/classes" @"$work/$name/files"
  cp "client/java/$name/pom.xml" "$work/$name/classes/$meta/"
  cp LICENSE "$work/$name/classes/META-INF/"
  printf 'Automatic-Module-Name: io.github.etcpmock%s\nImplementation-Title: %s\nImplementation-Version: %s\n' \
    "$([ "$name" = etcp-client ] || echo .testing)" "$name" "$version" >"$work/$name/manifest"
  jar=$out/$name-$version
  make_jar "$jar.jar" "$work/$name/classes" "$work/$name/manifest"
  make_jar "$jar-sources.jar" "$source"
  make_jar "$jar-javadoc.jar" "$work/$name/javadoc"
  cp "client/java/$name/pom.xml" "$jar.pom"
}

make_jar() { # FILE FOLDER [MANIFEST]
  local stamp
  stamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  local dated=()
  if jar --help 2>/dev/null | grep -q -- --date; then dated=(--date "$stamp"); fi # JDK 17 and later
  if [ -n "${3:-}" ]; then
    jar --create --file "$1" "${dated[@]}" --manifest "$3" -C "$2" .
  else
    jar --create --file "$1" "${dated[@]}" -C "$2" .
  fi
}

junit=${JUNIT_DIR:-/usr/share/java}
java_package etcp-client ""
java_package etcp-mock-junit5 "$work/etcp-client/classes:$junit/junit-jupiter-api.jar:$junit/junit-platform-commons.jar:$junit/apiguardian-api.jar"

python=
for each in python3 /usr/bin/python3; do
  if "$each" -c 'import setuptools, wheel' 2>/dev/null; then python=$each; break; fi
done
[ -n "$python" ] || { echo "packages: no python3 has setuptools and wheel" >&2; exit 1; }
cp -r client/python "$work/python"
rm -rf "$work"/python/src/*.egg-info
find "$work/python" -name __pycache__ -prune -exec rm -rf {} +
cp LICENSE "$work/python/"
(cd "$work/python" && umask 022 && "$python" - "$out" <<'EOF'
import sys
from setuptools import build_meta
out = sys.argv[1]  # setuptools changes sys.argv
for build in (build_meta.build_wheel, build_meta.build_sdist):
    build(out)
EOF
) >"$work/python.log" 2>&1 || { cat "$work/python.log" >&2; exit 1; }

cp -r client/node "$work/node"
rm -rf "$work/node/node_modules"
cp LICENSE "$work/node/"
(cd "$work/node" && npm pack --silent --offline --pack-destination "$out") >/dev/null

cd "$root"
ls -l "$out"
