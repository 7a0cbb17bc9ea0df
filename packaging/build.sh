#!/bin/sh
# Builds a command as it is released: build.sh PACKAGE OUTPUT, from anywhere. VERSION and COMMIT go into the binary.
#
# Its size, of 41 MB that "go build" with stripped symbols makes:
#   nomsgpack          a codec of Gin that nothing here speaks: 6.5 MB
#   nethttpomithttp2   HTTP/2 of net/http, which is not used: 0.5 MB
#   funcalign=16       as small processors want it; 32 is Go's own: 0.3 MB
#   -l                 nothing is inlined where it costs no request anything: commands, contract, diagnosis, scenarios, the control API,
#                      modules that are linked for Gin's sake or used at the start, Go's own templates, XML, TLS and large numbers: 2.6 MB
# What no flag takes away: expr, gofakeit and Go's templates look methods up by names that the linker cannot know, so it keeps every
# exported method of every type that is linked, those of Gin's codecs, too: 6 MB.
# .goreleaser.yaml has the same flags; a test compares them.
set -eu
package=${1:?usage: build.sh PACKAGE OUTPUT}
output=${2:?usage: build.sh PACKAGE OUTPUT}
case $output in /*) ;; *) output=$PWD/$output ;; esac
cd "$(dirname "$0")/.."
self=github.com/etcp-mock/etcp-mock
CGO_ENABLED=0 exec go build -trimpath -tags nomsgpack,nethttpomithttp2 \
  -gcflags=all=-l -gcflags=std= \
  -gcflags=$self/mock/...= -gcflags=$self/sign= -gcflags=$self/scenarios/internal/expression= -gcflags=$self/internal/...= \
  -gcflags=$self/mock/internal/cluster=-l -gcflags=$self/mock/internal/console=-l -gcflags=$self/mock/internal/control=-l -gcflags=$self/mock/internal/fixture=-l \
  -gcflags=$self/mock/internal/recording=-l -gcflags=$self/mock/internal/registry=-l -gcflags=$self/mock/internal/runs=-l -gcflags=$self/mock/internal/stay=-l -gcflags=$self/mock/internal/verify=-l -gcflags=$self/internal/chinese=-l -gcflags=$self/internal/suggest=-l \
  -gcflags=$self/mock/internal/ledger/postgres=-l -gcflags=$self/mock/internal/outgoing=-l -gcflags=$self/mock/internal/openapi=-l -gcflags=$self/mock/internal/strict=-l -gcflags=$self/mock/internal/subset=-l -gcflags=$self/mock/internal/static=-l -gcflags=$self/mock=-l -gcflags=$self/mock/inprocess=-l -gcflags=$self/mock/postgres=-l -gcflags=$self/mock/internal/server=-l \
  -gcflags=$self/mock/internal/guard=-l -gcflags=$self/mock/internal/portable=-l -gcflags=$self/internal/phrases=-l -gcflags=$self/internal/mask=-l -gcflags=$self/internal/wrap=-l -gcflags=$self/internal/lang=-l -gcflags=$self/internal/duration=-l -gcflags=$self/internal/excerpt=-l -gcflags=$self/internal/curl=-l -gcflags=$self/internal/trust=-l -gcflags=$self/internal/pushurl=-l -gcflags=$self/internal/atomicfile=-l -gcflags=$self/internal/handlertransport=-l \
  -gcflags=archive/...=-l -gcflags=crypto/tls=-l -gcflags=crypto/x509=-l -gcflags=encoding/asn1=-l -gcflags=encoding/xml=-l -gcflags=html/template=-l -gcflags=math/big=-l -gcflags=mime/multipart=-l -gcflags=net/http/cookiejar=-l -gcflags=net/http/httputil=-l -gcflags=os/exec=-l -gcflags=text/template/...=-l -gcflags=vendor/golang.org/x/net/idna=-l -gcflags=vendor/golang.org/x/text/...=-l \
  -gcflags=github.com/gin-gonic/...= -gcflags=github.com/tidwall/...= -gcflags=github.com/expr-lang/...= \
  -ldflags "-s -w -funcalign=16 -X $self/cmd/internal/cli.Version=${VERSION:-dev} -X $self/cmd/internal/cli.Commit=${COMMIT:-}" \
  -o "$output" "$package"
