#!/usr/bin/env bash
# Builds what would be published of the clients, without a network: clients.sh [FOLDER [LANGUAGE…]], default dist/packages and
# java python node. Nothing is installed, nothing is published; java needs a JDK and JUnit 5 (/usr/share/java, or JUNIT_DIR), python setuptools
# and wheel, node npm.
#
#   etcp-client-V.jar, etcp-mock-junit5-V.jar   with -sources, -javadoc and .pom beside each
#   etcp_mock_client-V-py3-none-any.whl, etcp-mock-client-V.tar.gz
#   etcp-mock-client-V.tgz                      for npm
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
mkdir -p "${1:-dist/packages}"
out=$(cd "${1:-dist/packages}" && pwd)
languages=${*:2}
languages=" ${languages:-java python node} "
wanted() { case $languages in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
needs() { # WHAT COMMAND…
  local what=$1
  shift
  "$@" >/dev/null 2>&1 || { echo "packages: $what is missing" >&2; exit 1; }
}
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

build_java() {
  needs "a JDK (javac, jar, javadoc)" javac --version
  local junit=${JUNIT_DIR:-/usr/share/java}
  needs "JUnit 5 ($junit/junit-jupiter-api.jar, or JUNIT_DIR)" test -f "$junit/junit-jupiter-api.jar"
  rm -f "$out"/etcp-client-*.* "$out"/etcp-mock-junit5-*
  java_package etcp-client ""
  java_package etcp-mock-junit5 "$work/etcp-client/classes:$junit/junit-jupiter-api.jar:$junit/junit-platform-commons.jar:$junit/apiguardian-api.jar"
}

build_python() {
  rm -f "$out"/etcp_mock_client-*.whl "$out"/etcp-mock-client-*.tar.gz "$out"/etcp_mock_client-*.tar.gz
  python=
  for each in python3 /usr/bin/python3; do
    if "$each" -c 'import setuptools, wheel' 2>/dev/null; then python=$each; break; fi
  done
  needs "a python3 with setuptools and wheel" test -n "$python"
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
}

build_node() {
  needs npm npm --version
  rm -f "$out"/etcp-mock-client-*.tgz
  cp -r client/node "$work/node"
  rm -rf "$work/node/node_modules"
  cp LICENSE "$work/node/"
  (cd "$work/node" && npm pack --silent --offline --pack-destination "$out") >/dev/null
}

for language in java python node; do
  if wanted "$language"; then "build_$language"; fi
done

cd "$root"
ls -l "$out"
