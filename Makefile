# run and test are all a user or a developer needs; both install what is missing.

.PHONY: run demo test test-wayland test-windows fuzz soak check bench bench-polly bench-speed screenshot screenshots guide constraints translations package test-package clean

run: ## start Harken (without a display: show it on a private desktop)
	@packaging/run.sh

demo: ## show it on a private desktop, and leave what was heard and seen in demo-output/
	@packaging/demo.sh

test: ## check style, types and architecture, and run all tests (in CI those of the packages, too)
	@packaging/setup.sh $(if $(CI),package,test)
	@.venv/bin/python -m tests.check

test-wayland: ## press keys and select on real GNOME, KDE, sway and labwc, in a Debian 13 of their own
	@packaging/setup.sh test
	@.venv/bin/python -m tests.wayland

test-windows: ## run Harken's tests on Windows, that is, in Wine
	@packaging/setup.sh windows
	@.venv/bin/python -m tests.windows

fuzz: ## fuzz every parser of foreign bytes for a while: make fuzz SECONDS=600
	@packaging/setup.sh test
	@.venv/bin/python -m tests.fuzz --seconds $(or $(SECONDS),60)

soak: ## have Harken read for hours while everything happens to it: make soak SECONDS=3600 SEED=7 LEVEL=fakes
	@packaging/setup.sh test
	@.venv/bin/python -m tests.soak --seconds $(or $(SECONDS),28800) $(if $(SEED),--seed $(SEED)) $(LEVEL)

bench: ## measure everything beside its peers into docs/bench, in 25 minutes: make bench PARTS="keys text" QUICK=1
	@packaging/setup.sh test
	@.venv/bin/python -m tests.bench.report $(PARTS) $(if $(QUICK),--quick --out build/bench)

bench-polly: ## print docs/figures.md's part of Amazon Polly
	@packaging/setup.sh test
	@.venv/bin/python -m tests.bench.polly

bench-speed: ## print how fast the voices are heard at each speed, and how well
	@packaging/setup.sh test
	@.venv/bin/python -m tests.bench.speed

screenshots: ## make the pictures of every window and of the menu again, in four looks
	@packaging/setup.sh test
	@.venv/bin/python -m tests.desktop.pictures

bench-package: ## print the sizes of the packages there are, and how quickly Harken starts from one
	@.venv/bin/python -m tests.bench.packages

screenshot: ## make the picture of the README again
	@packaging/demo.sh --picture resources/screenshots/desktop.png

translations: ## gather the texts to translate, and compile the translations (docs/translating.md)
	@packaging/setup.sh run
	@packaging/translations.sh update

guide: ## build the guide that F1 opens, into resources/help
	@packaging/setup.sh run
	@.venv/bin/python packaging/guide.py

package: ## make in dist/ the packages that can be made on this system
	@packaging/setup.sh package
	@.venv/bin/python packaging/build.py

test-package: ## make the packages, and try them in a system of their own
	@packaging/setup.sh package
	@.venv/bin/python packaging/build.py --quick
	@HARKEN_TEST_PACKAGES=1 .venv/bin/python -m pytest tests/packaging

constraints: ## pin the newest versions, with their hashes
	@packaging/constraints.sh

clean:
	rm -rf .venv demo-output resources/help build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
