# The daily commands. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The tools of `make check`, at these versions, under target/ so that nothing global changes.
TOOLS := $(CURDIR)/target/tools
DENY_VERSION := 0.20.2
MACHETE_VERSION := 0.9.2
GUNGRAUN_VERSION := 0.20.0
DENY := $(TOOLS)/bin/cargo-deny
MACHETE := $(TOOLS)/bin/cargo-machete
GUNGRAUN := $(TOOLS)/bin/gungraun-runner

# A first build in release mode, or for tests, takes about this many megabytes.
ROOM_TO_BUILD := 4000

# Always the whole workspace, and its programs by path: cargo resolves features for what is named,
# so that naming one crate would build half of the dependencies a second time.
BUILD := cargo build --release --workspace --bins
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
DEVSTACK := $(TARGET)/release/devstack

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: packages ## build everything and start it under .devstack/; again: restart what is down
	@devstack/check-machine.sh "$(DEVSTACK)" $(ROOM_TO_BUILD)
	@$(BUILD)
	@$(DEVSTACK) up

.PHONY: down
down: $(DEVSTACK) ## stop everything; the data stays
	@$(DEVSTACK) down

.PHONY: status
status: $(DEVSTACK) ## tell how each part stands
	@$(DEVSTACK) status

.PHONY: logs
logs: $(DEVSTACK) ## show the last lines of the logs (ARGS="--follow admin" for more)
	@$(DEVSTACK) logs $(ARGS)

.PHONY: reset
reset: $(DEVSTACK) ## stop everything and remove the data
	@$(DEVSTACK) reset

.PHONY: test
test: packages ## run all tests on a stack of their own, beside a running one
	@devstack/check-machine.sh "$(TARGET)/debug/devstack" $(ROOM_TO_BUILD)
	@cargo test --workspace --no-run
	@$(TARGET)/debug/devstack test -- cargo test --workspace --no-fail-fast

.PHONY: check
check: packages tools ## formatting, lints, dependencies' licences and edges, unused dependencies, the images' context
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	$(DENY) --all-features check --allow unused-wrapper bans licenses sources
	$(MACHETE) --skip-target-dir --with-metadata
	images/verify/context.sh

.PHONY: fmt
fmt: ## format the code
	@cargo fmt --all

.PHONY: model
model: ## try the freshness rule in every order in which its parts can act
	@$(BUILD)
	@$(TARGET)/release/freshness-model

.PHONY: model-deep
model-deep: ## the same with more of everything
	@$(BUILD)
	@$(TARGET)/release/freshness-model --deep

.PHONY: demo-freshness
demo-freshness: ## measure how soon an edit is seen, under load, on the stack of `make up`
	@$(BUILD)
	@$(TARGET)/release/bench freshness

.PHONY: faults
faults: ## kill, pause and flush parts, alone and in pairs, under load, on a stack of its own; half an hour
	@$(BUILD)
	@$(TARGET)/release/devstack test --services -- \
		sh -c '$(TARGET)/release/bench --directory "$$(dirname "$$VITRINA_STACK")" faults'

.PHONY: bench
bench: count-instructions ## measure what reads cost beside bare hyper, nginx and Varnish, on a stack of its own
	@devstack/install-packages.sh bench
	@$(BUILD)
	@$(TARGET)/release/devstack test --services -- \
		sh -c 'taskset --cpu-list 1 $(TARGET)/release/bench --directory "$$(dirname "$$VITRINA_STACK")" speed'

.PHONY: count-instructions
count-instructions: $(GUNGRAUN)-$(GUNGRAUN_VERSION) ## count the instructions of a read out of memory; fails when there are more than there were
	@devstack/install-packages.sh instructions
	@GUNGRAUN_RUNNER=$(GUNGRAUN) cargo bench --workspace --bench hot_read

.PHONY: scale
scale: ## simulate a thousand processes and a hundred million products; no stack, some minutes
	@$(BUILD)
	@$(TARGET)/release/bench scale

.PHONY: check-scale
check-scale: ## compare that simulation with two processes that are measured, on a stack of its own
	@$(BUILD)
	@$(TARGET)/release/devstack test --services --setting VITRINA_CACHE__MEMORY_BYTES=8388608 -- \
		sh -c '$(TARGET)/release/bench --directory "$$(dirname "$$VITRINA_STACK")" scale --measure --memory-bytes 8388608'

.PHONY: demo-trace
demo-trace: ## follow one edit by its trace, from the PATCH to the first read in every process
	@$(BUILD)
	@$(TARGET)/release/bench trace

# Where the example data are: see devstack/README.md. The project brings none along.
.PHONY: import-examples
import-examples: ## import example data from DATA=<folder> into the stack of `make up`, measure, and compare
	@test -n "$(DATA)" || { echo "say where the example data are: make import-examples DATA=<folder>; devstack/README.md says what they are" >&2; exit 1; }
	@$(BUILD)
	@$(TARGET)/release/bench import "$(DATA)"

.PHONY: k6
k6: ## run a k6 script against the stack of `make up` (SCRIPT=smoke; alone it lists them)
	@k6/run.sh $(SCRIPT)

.PHONY: verify-delivery
verify-delivery: ## prove without a cluster all that runs Vitrina in one (STEPS="chart mesh" for some; --help lists them)
	@.ci/verify-delivery $(STEPS)

# A program that is there is good enough to look at a stack or to stop it.
$(DEVSTACK):
	@$(BUILD)

.PHONY: packages
packages: ## install what is missing with apt-get
	@devstack/install-packages.sh

.PHONY: tools
tools: $(DENY)-$(DENY_VERSION) $(MACHETE)-$(MACHETE_VERSION) ## build the tools of `make check`, once

# Unoptimised, because building them takes longer than running them.
define install-tool
	@echo "building $(1) $(2), once"
	@rm -f $(TOOLS)/bin/$(1)-*
	@cargo install --quiet --debug --locked --root $(TOOLS) --target-dir $(TOOLS)/build $(1)@$(2)
	@rm -rf $(TOOLS)/build
	@touch $@
endef

$(DENY)-$(DENY_VERSION):
	$(call install-tool,cargo-deny,$(DENY_VERSION))

$(MACHETE)-$(MACHETE_VERSION):
	$(call install-tool,cargo-machete,$(MACHETE_VERSION))

$(GUNGRAUN)-$(GUNGRAUN_VERSION):
	$(call install-tool,gungraun-runner,$(GUNGRAUN_VERSION))
