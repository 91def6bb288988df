# The front door: `make` lists what there is.
#
# A target that needs Bazel, Nix, or a Go that the machine lacks runs through tools/toolbox, which obtains them first
# and leaves a machine that has them as it is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/weft
TOOLBOX := $(CURDIR)/tools/toolbox/toolbox
RUN := $(TOOLBOX) run
LINT := tools/lint

# What `make test` runs, in this order; each is a target of its own. The end-to-end tests add to the Go coverage.
TESTS := test-toolbox test-vet test-staticcheck test-gofmt test-build-files test-buildifier test-shellcheck \
	test-go test-page test-scanner test-bazel test-rules test-nix test-demo test-e2e test-coverage

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the program ---

.PHONY: weft
weft: bin/weft ## build bin/weft

GO_FILES := $(shell find cmd gazelle internal -type f ! -path '*/testdata/*' ! -name '*_test.go') vendored.go \
	$(shell find rules nix/lib -type f ! -path 'rules/tests/*' ! -name '*.pyc')

bin/weft: $(GO_FILES) go.mod go.sum bin/version
	@$(RUN) go build -trimpath -ldflags "-X github.com/weft-build/weft/internal/cli.Version=$$(< bin/version)" -o $@ ./cmd/weft

# Written only when it differs, so that nothing is built again for it.
bin/version: FORCE
	@mkdir -p bin
	version=$$(git describe --always --dirty --tags 2> /dev/null || echo devel)
	if [[ ! -e $@ || $$(< $@) != "$$version" ]]; then echo "$$version" > $@; fi
FORCE:

.PHONY: demo
demo: bin/weft ## run the example's tests in its six environments, and say where the report is
	@exec $(TOOLBOX) inputs bin/weft -C examples/reservoir test all

# --- the tests ---

.PHONY: test $(TESTS)
test: ## run every test and check
	@$(RUN) $(LINT)/steps $(TESTS)

test-toolbox: ## the toolbox's own tests
	@tools/toolbox/test

test-vet: ## go vet
	@$(RUN) go vet ./...

test-staticcheck: ## staticcheck
	@$(RUN) $(LINT)/go-tool staticcheck ./...

test-gofmt: ## Go files are formatted
	@files=$$($(RUN) gofmt -l .)
	if [[ -n $$files ]]; then printf 'not formatted, see make fmt:\n%s\n' "$$files"; exit 1; fi

test-build-files: ## the Go code's BUILD files are current
	@$(RUN) $(LINT)/build-files --check

test-buildifier: ## Bazel's files are formatted
	@git ls-files -z --cached --others --exclude-standard -- $(BAZEL_FILES) | $(RUN) xargs -0 $(LINT)/go-tool buildifier -mode=check -lint=warn

test-shellcheck: ## shell scripts
	@$(RUN) $(LINT)/shell-scripts | $(RUN) xargs -d '\n' shellcheck --external-sources --source-path=SCRIPTDIR --source-path=.

test-go: ## the Go tests, with the race detector
	@$(RUN) $(LINT)/go-test unit

test-page: ## weft watch's live page in a real Chromium; WEFT_SCREENSHOTS=FOLDER keeps pictures
	@$(RUN) $(LINT)/go-test page

test-scanner: ## the scanner of Python sources against CPython's own parser
	@$(TOOLBOX) inputs tools/scanner/run

test-bazel: ## build the command and run the Go tests with Bazel
	@$(RUN) bazel build --disk_cache=$(CACHE)/bazel //cmd/weft
	$(RUN) bazel test --disk_cache=$(CACHE)/bazel //cmd/... //gazelle/... //internal/...

test-rules: ## rules_weft: the launcher and the Starlark
	@$(TOOLBOX) inputs rules/tests/run

test-nix: ## nix/lib and the examples' flakes
	@$(TOOLBOX) inputs nix/tests/run

test-demo: ## the demo, as the README has it
	@$(MAKE) demo

test-e2e: ## weft with the real Bazel and Nix
	@$(TOOLBOX) inputs $(LINT)/go-test e2e

test-coverage: ## how much of the Go code test-go, test-page and test-e2e ran
	@$(RUN) $(LINT)/coverage 80

# --- benchmarks ---

.PHONY: bench
bench: bin/weft ## compare weft with tox, nox, pytest -n, raw Bazel and ibazel; BENCH='-only small -runs 1' selects
	@$(TOOLBOX) inputs go run ./tools/bench -weft bin/weft $(BENCH)

# --- housekeeping ---

BAZEL_FILES := '*.bzl' 'BUILD.bazel' '**/BUILD.bazel' 'MODULE.bazel' '**/MODULE.bazel'

.PHONY: fmt gazelle proto clean
fmt: ## format Go and Bazel files
	@$(RUN) gofmt -w .
	git ls-files -z --cached --others --exclude-standard -- $(BAZEL_FILES) | $(RUN) xargs -0 $(LINT)/go-tool buildifier -mode=fix

gazelle: ## write the Go code's BUILD files
	@$(RUN) $(LINT)/build-files

PROTOS := internal/bep/build_event_stream.proto internal/bazel/querypb/query.proto

proto: ## generate the bindings of Bazel's protocols; needs protoc (protobuf-compiler)
	@bin=$$($(LINT)/go-tool --path protoc-gen-go)
	protoc --plugin=$$bin --go_out=. --go_opt=module=github.com/weft-build/weft $(PROTOS)

clean: ## remove what was built here; the toolbox and caches stay
	@rm -rf bin
	if [[ -e bazel-out ]]; then $(RUN) bazel clean; fi
