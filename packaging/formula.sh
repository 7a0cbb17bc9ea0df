#!/bin/sh
# Prints a Homebrew formula that builds a release from its source: formula.sh VERSION SHA256. VERSION has no v; SHA256 is that of
# the archive GitHub makes of the tag.
set -eu
version=${1:?usage: formula.sh VERSION SHA256}
sha256=${2:?usage: formula.sh VERSION SHA256}
case $sha256 in *[!0-9a-f]*) echo "formula: not a SHA-256 in hex: $sha256" >&2; exit 2 ;; esac
[ ${#sha256} = 64 ] || { echo "formula: not a SHA-256 in hex: $sha256" >&2; exit 2; }
cat <<EOF
class EtcpMock < Formula
  desc "Local stand-in for the ETCP Open Platform, and contract checks"
  homepage "https://github.com/etcp-mock/etcp-mock"
  url "https://github.com/etcp-mock/etcp-mock/archive/refs/tags/v$version.tar.gz"
  sha256 "$sha256"
  license "MIT"
  head "https://github.com/etcp-mock/etcp-mock.git", branch: "main"

  depends_on "go" => :build

  def install
    ENV["VERSION"] = version.to_s
    %w[etcp-mock contract].each { |command| system "packaging/build.sh", "./cmd/#{command}", bin/command }
    generate_completions_from_executable(bin/"etcp-mock", "completion")
  end

  test do
    output = shell_output("#{bin}/etcp-mock exec -- #{bin}/etcp-mock call parkingstatus parkingId=1")
    assert_match "totalSpace", output
  end
end
EOF
