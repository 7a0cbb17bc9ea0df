# What a developer and the continuous integration run. Everything installs what it needs, once.

GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION   := v1.9.0
GORELEASER_VERSION    := v2.16.0
CYCLONEDX_VERSION     := v1.10.0

CACHE    ?= $(CURDIR)/.cache
FUZZTIME ?= 30s

# The version is part of the name, so that another version is another file.
GOLANGCI_LINT := $(abspath $(CACHE))/bin/golangci-lint-$(GOLANGCI_LINT_VERSION)
GORELEASER    := $(abspath $(CACHE))/bin/goreleaser-$(GORELEASER_VERSION)
# In a folder of its version, for goreleaser looks for it by its name.
CYCLONEDX     := $(abspath $(CACHE))/bin/cyclonedx-$(CYCLONEDX_VERSION)/cyclonedx-gomod

.PHONY: all setup build docs rootfs packages jars wheel release-snapshot lint format test bench bench-http fuzz licenses reliability vulncheck mutants screenshots setup-packages clean

all: lint test

## setup: fetch the modules
setup:
	go mod download

## build: the commands, into bin/
build:
	go build -o bin/ ./cmd/...

## licenses: docs/licenses.md, what is linked and under which licence
licenses: docs

## docs: write the tables of the documentation anew
docs:
	go run ./docs/generate

## lint: golangci-lint over the whole module (the first run builds it, which takes two minutes)
lint: $(GOLANGCI_LINT)
	$(GOLANGCI_LINT) run ./...

## format: rewrite the files as lint wants them
format: $(GOLANGCI_LINT)
	$(GOLANGCI_LINT) fmt ./...

## setup-packages: what the tests need beside Go and Node: chromium, the languages of the examples
setup-packages:
	./.ci/packages

# The packages whose tests take longest begin first, so that none of them is left over at the end, when one processor would wait for it.
LONGEST := ./cmd/etcp-mock ./contract ./mock/internal/console ./contract/webhook ./reliability ./mock ./mock/internal/control ./sign/diagnose ./mock/internal/engine ./packaging

# One package more than there are processors, for most wait now and then: for a process, a page, a clock.
PACKAGES_AT_ONCE := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

## test: every test, with the race detector, in a random order (the seed is printed); lint vets, and no debugger reads the programs
test: setup setup-packages
	go test -race -p $(PACKAGES_AT_ONCE) -shuffle=on -vet=off -ldflags=-w -timeout 30m $(LONGEST) ./...

## bench: every benchmark
bench:
	go test -run '^$$' -bench . -benchmem ./...

## bench-http: a minute of load over loopback, in turns with bare Gin; prints the report (-write: into docs/benchmarks.md and its Chinese page)
bench-http:
	go run ./bench $(BENCHFLAGS)

## fuzz: every fuzz target for FUZZTIME (30s)
fuzz:
	@set -e; for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' "$$pkg" | grep '^Fuzz' || true); do \
			echo "== $$pkg $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$pkg"; \
		done; \
	done

## reliability: runs what holds the promises, and writes docs/reliability.md and its Chinese page (about five minutes)
reliability:
	go run ./reliability/report

## mutants: plants the bugs of mutants/table.yaml in the mock, one at a time, and prints those that the contract suite does not find
mutants:
	go run ./mutants -least 98

## vulncheck: known vulnerabilities in what is linked, where their database can be reached
vulncheck:
	@if ! curl -fsS -m 10 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then \
		echo "vulncheck: skipped, https://vuln.go.dev cannot be reached"; \
	else \
		GOFLAGS= go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION) ./...; \
	fi

## screenshots: the console's pages, in both languages and looks, into docs/screenshots/
screenshots: setup
	./.ci/packages fonts
	go test -count=1 -run '^TestScreenshots$$' ./mock/internal/console -screenshots $(CURDIR)/docs/screenshots

## rootfs: the file tree of the container image, without Docker, into dist/rootfs
rootfs:
	./docker/rootfs.sh dist/rootfs

## packages: the clients as they would be published (jars, wheel, sdist, npm tarball), into dist/packages; nothing is published
packages: setup-packages
	./packaging/clients.sh dist/packages

## jars: the Java client's jars alone, with the JDK and JUnit that are here
jars:
	./packaging/clients.sh dist/packages java

## wheel: the Python client's wheel and sdist alone, with the setuptools that is here
wheel:
	./packaging/clients.sh dist/packages python

## release-snapshot: every archive of a release, with checksums and bills of materials, into dist/; nothing is published
release-snapshot: $(GORELEASER) $(CYCLONEDX)
	PATH="$(dir $(CYCLONEDX)):$$PATH" $(GORELEASER) release --snapshot --clean

clean:
	rm -rf bin .cache dist

# Built in a folder of its own and moved into place, so that a build that was cut off leaves nothing behind.
define install
	@mkdir -p $(@D)
	GOBIN=$(@D)/new GOFLAGS= GOOS= GOARCH= go install $(1)
	mv $(@D)/new/* $@
	rmdir $(@D)/new
endef

$(GOLANGCI_LINT):
	$(call install,github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION))

$(GORELEASER):
	$(call install,github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION))

$(CYCLONEDX):
	$(call install,github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION))
