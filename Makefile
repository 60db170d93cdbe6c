# 枢纽：每个目标都能从任何文件夹、在带空格的路径里、连续两次运行。
# Paths with spaces: make splits MAKEFILE_LIST at blanks, so the shell finds the folder.
ROOT := $(shell dirname "$$(printf '%s' '$(MAKEFILE_LIST)' | sed 's/^ *//')")
IN := cd "$(ROOT)" &&
PYTHON_IN := $(IN) .venv/bin/python
PROCESSES := .venv/bin/python -m shuniu.config.processes
# Three on two cores: a third of a browser test is waiting.
WORKERS ?= 3

export PORT SHUNIU_DATA SHUNIU_DATABASE_URL SHUNIU_OWNER_DATABASE_URL SHUNIU_PG_BIN SHUNIU_BROWSER SHUNIU_FONT_DIR

.PHONY: help run test check features clauses schemas refusals shots bench demo-reset demo-large freeze manage browser environment dev

help:
	@echo 'make run         启动（PORT、SHUNIU_DATA、SHUNIU_DATABASE_URL 可设）'
	@echo 'make test        全部测试；make test ARGS="shuniu/calls -x" 只跑一部分'
	@echo 'make check       格式、类型、引用方向、大小'
	@echo 'make features    功能目录与测试；make refusals 拒绝理由与测试'
	@echo 'make clauses     条款、功能、测试对照表（docs/clauses.md）'
	@echo 'make schemas     制度文件的 JSON schema，由读取程序生成'
	@echo 'make shots       页面截图；make bench 性能'
	@echo 'make demo-reset  重建演示数据；make demo-large 大体量演示'
	@echo 'make freeze      发布版本时：记下各数据结构升级的校验值，此后只许增加'
	@echo 'make manage ARGS="…"  对本份数据运行 manage.py'

environment:
	@$(IN) tools/bootstrap run

dev:
	@$(IN) tools/bootstrap dev

browser:
	@$(IN) tools/bootstrap browser

run: environment
	@$(IN) exec $(PROCESSES) run

test: dev
	@$(PYTHON_IN) -m tools.run_tests -n $(WORKERS) $(ARGS)

check: dev
	@$(PYTHON_IN) -m tools.check

features: dev
	@$(PYTHON_IN) -m tools.features

clauses: dev
	@$(PYTHON_IN) -m tools.clauses

schemas: dev
	@$(IN) for name in document cases decision report; do \
		.venv/bin/python -m shuniu.policy schema $$name > docs/schema/$$name.schema.json || exit 1; done

refusals: dev
	@$(PYTHON_IN) -m tools.refusals

shots: dev
	@$(PYTHON_IN) -m tools.shots $(ARGS)

bench: dev
	@$(PYTHON_IN) -m benchmarks $(ARGS)

demo-reset: environment
	@$(IN) $(PROCESSES) reset

demo-large: environment
	@$(IN) $(PROCESSES) manage --owner demo_large $(ARGS)

freeze: dev
	@$(IN) SHUNIU_ENV=test DJANGO_SETTINGS_MODULE=shuniu.config.settings .venv/bin/python -m tools.migrations

manage: environment
	@$(IN) $(PROCESSES) manage $(ARGS)
