# SPDX-License-Identifier: Apache-2.0
# Snagate: make, make run, make test. Targets: run start stop test unit sim oper
# vec box bench asan tsan fuzz shape layers docs install clean.

CC      ?= gcc
CLANG   ?= clang
B       ?= build
SAN     ?=
OPT     ?= -O2
FORTIFY ?= -D_FORTIFY_SOURCE=2

WARN = -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings \
	-Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough -Werror
HARD = $(FORTIFY) -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
CFLAGS_ALL = -std=gnu17 $(OPT) -g -fno-omit-frame-pointer $(WARN) $(HARD) $(SAN) -I. \
	-D_GNU_SOURCE -MMD -MP $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now $(SAN) $(LDFLAGS)

ROOMS = base snaee vtamsim tn3270e
MAINS = vtamsim/vtamsim.c vtamsim/vtamcon.c tn3270e/snagate.c
src   = $(filter-out $(MAINS),$(wildcard $(1)/*.c))
obj   = $(patsubst %.c,$(B)/obj/%.o,$(call src,$(1)))

LIB_base    = $(B)/libbase.a
LIB_snaee   = $(B)/libsnaee.a
LIB_vtamsim = $(B)/libvtamsim.a
LIB_tn3270e = $(B)/libtn3270e.a

# What a room may be linked with: itself and all rooms on its left.
LIBS_base    = $(LIB_base)
LIBS_snaee   = $(LIB_snaee) $(LIBS_base)
LIBS_vtamsim = $(LIB_vtamsim) $(LIBS_snaee)
LIBS_tn3270e = $(LIB_tn3270e) $(LIBS_vtamsim)
Q = $(if $(V),,@)
SYS_base     = -lpthread
SYS_snaee    = $(SYS_base)
SYS_vtamsim  = $(SYS_base)
SYS_tn3270e  = -ltelnet -lssl -lcrypto $(SYS_base)

.SUFFIXES:
.PHONY: all run start stop test unit sim oper box bench asan tsan fuzz shape layers docs \
	install clean faults deps-run deps-test vec tests-bin fuzz-bin bench-bin

all: $(B)/snagate $(B)/vtamsim $(B)/vtamcon

define room
$(LIB_$(1)): $(call obj,$(1))
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(B)/snagate: $(B)/obj/tn3270e/snagate.o $(LIBS_tn3270e)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(SYS_tn3270e)
$(B)/vtamsim: $(B)/obj/vtamsim/vtamsim.o $(LIBS_vtamsim)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(SYS_vtamsim)
$(B)/vtamcon: $(B)/obj/vtamsim/vtamcon.o $(LIBS_base)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -ledit $(SYS_base)

# A room that calls one on its right does not link: whole archive, nothing else.
layers: $(ROOMS:%=$(B)/layer_%)
$(B)/layer_main.o: tests/layer_main.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<
define layer
$(B)/layer_$(1): $(B)/layer_main.o $$(LIBS_$(1))
	$(Q)$(CC) $(LDFLAGS_ALL) -o $$@ $(B)/layer_main.o -Wl,--whole-archive $$(LIB_$(1)) \
		-Wl,--no-whole-archive $$(filter-out $$(LIB_$(1)),$$(LIBS_$(1))) $$(SYS_$(1))
endef
$(foreach r,$(ROOMS),$(eval $(call layer,$(r))))

# Unit tests: tests/unit/t_X.c is for X.c and is linked with X's room and those left of it.
UNIT_SRC = $(wildcard tests/unit/t_*.c)
UNIT_BIN = $(UNIT_SRC:tests/unit/%.c=$(B)/unit/%)
room_of  = $(firstword $(foreach r,$(ROOMS),$(if $(wildcard $(r)/$(1).[ch]),$(r))) tn3270e)
define unit
$(B)/unit/$(1): $(B)/obj/tests/unit/$(1).o $$(LIBS_$(call room_of,$(1:t_%=%)))
	@mkdir -p $$(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $$@ $$^ -lcmocka $$(SYS_$(call room_of,$(1:t_%=%)))
endef
$(foreach t,$(UNIT_SRC:tests/unit/%.c=%),$(eval $(call unit,$(t))))

# Simulator tests: tests/sim/s_X.c with tests/sim/sim*.c and the rooms up to vtamsim.
SIM_SRC = $(wildcard tests/sim/s_*.c)
SIM_LIB = $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/sim/sim*.c))
SIM_BIN = $(SIM_SRC:tests/sim/%.c=$(B)/sim/%)
$(SIM_BIN): $(B)/sim/%: $(B)/obj/tests/sim/%.o $(SIM_LIB) $(LIBS_vtamsim)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcmocka $(SYS_vtamsim)

tests-bin: $(UNIT_BIN) $(SIM_BIN)

# What a new user calls.
run: deps-run all
	@B=$(B) config/demo/demo.sh run
start: deps-run all
	@B=$(B) config/demo/demo.sh start
stop:
	@B=$(B) config/demo/demo.sh stop
deps-run:
	@config/install-packages.sh build run
deps-test:
	@config/install-packages.sh build run test

# Tests: each kind alone, or all with one last line "N passed, N failed".
T = tests/run.sh
OPER_SRC = $(wildcard tests/oper/o_*.py)
BOX_SRC  = $(wildcard tests/box/b_*.py)
VEC_SRC  = $(wildcard tests/vec/v_*.py)
unit: $(UNIT_BIN)
	@$(T) 120 $(UNIT_BIN)
sim: $(SIM_BIN)
	@$(T) 240 $(SIM_BIN)
# The fault matrix and the path switches, SEEDS of each, on two processors.
SEEDS ?= 1000
FAULTS = $(filter $(B)/sim/s_fault $(B)/sim/s_switch,$(SIM_BIN))
faults: $(FAULTS)
	@rm -f $(B)/faults.*; for k in 0 1; do (for t in $(FAULTS); do \
		$$t $$(($(SEEDS) / 2)) $$((1 + k * $(SEEDS) / 2)) 2>&1 || echo "FAIL $$t"; \
		done) >$(B)/faults.$$k & done; wait; cat $(B)/faults.0 $(B)/faults.1 | \
		grep -v 'RUN\|OK' ; ! grep -q FAIL $(B)/faults.[01]
oper: all
	@B=$(B) $(T) 120 $(OPER_SRC)
vec: all
	@B=$(B) $(T) 120 $(VEC_SRC)
box: all
	@B=$(B) $(T) 420 $(BOX_SRC)
test: deps-test
	@$(MAKE) -s --no-print-directory -j2 all tests-bin layers bench-bin
	@$(MAKE) -s --no-print-directory shape
	@B=$(B) $(T) 420 $(UNIT_BIN) $(SIM_BIN) $(VEC_SRC) $(OPER_SRC) $(BOX_SRC)

asan:
	@$(MAKE) -s B=build-asan OPT=-O1 FORTIFY= SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -Wno-format-truncation" \
		-j2 tests-bin all
	@B=build-asan $(T) 600 $(UNIT_SRC:tests/unit/%.c=build-asan/unit/%) \
		$(SIM_SRC:tests/sim/%.c=build-asan/sim/%) $(OPER_SRC) $(BOX_SRC)
tsan:
	@$(MAKE) -s B=build-tsan OPT=-O1 FORTIFY= SAN="-fsanitize=thread -Wno-format-truncation -Wno-tsan" -j2 tests-bin all
	@B=build-tsan $(T) 600 build-tsan/unit/t_ring build-tsan/unit/t_buf $(BOX_SRC)

# Fuzzing: one libFuzzer program a decoder; FUZZ_S seconds each.
FUZZ_SRC = $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_S  ?= 20
fuzz:
	@config/install-packages.sh build fuzz
	@$(MAKE) -s B=build-fuzz CC=$(CLANG) OPT=-O1 FORTIFY= -j2 \
		SAN="-fsanitize=address,undefined,fuzzer-no-link" fuzz-bin
	@python3 tests/fuzz/corpus.py build-fuzz/corpus
	@for f in $(FUZZ_SRC:tests/fuzz/%.c=%); do \
		mkdir -p build-fuzz/corpus/$$f; \
		echo "== $$f"; \
		build-fuzz/fuzz/$$f -max_total_time=$(FUZZ_S) -print_final_stats=0 -verbosity=0 \
			-artifact_prefix=build-fuzz/ build-fuzz/corpus/$$f || exit 1; \
	done; echo "fuzz: no finding"
fuzz-bin: $(FUZZ_SRC:tests/fuzz/%.c=$(B)/fuzz/%)
# fuzz_node has two whole nodes on the simulated network.
$(B)/fuzz/fuzz_node: $(B)/obj/tests/fuzz/fuzz_node.o $(patsubst %,$(B)/obj/tests/sim/%.o,simnet \
		simmsg simnode) $(LIBS_vtamsim)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer,address,undefined -o $@ $^ $(SYS_vtamsim)
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(LIBS_tn3270e)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer,address,undefined -o $@ $^ $(SYS_tn3270e)

bench: all
	@$(MAKE) -s -C . B=$(B) bench-bin
	@B=$(B) python3 tests/bench/bench.py
BENCH_SRC = $(wildcard tests/bench/*.c)
bench-bin: $(BENCH_SRC:tests/bench/%.c=$(B)/bench/%)
# arb* have RTP connections on the simulated network, and a neighbour to compare with.
$(B)/bench/arb%: $(B)/obj/tests/bench/arb%.o $(patsubst %,$(B)/obj/tests/sim/%.o,simnet \
		simrtp simmsg simcubic simshare) $(LIBS_vtamsim)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(SYS_vtamsim)
$(B)/bench/%: $(B)/obj/tests/bench/%.o $(LIBS_tn3270e)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(SYS_tn3270e)

shape:
	@python3 tests/shape.py $(ROOMS) tests
docs: all
	$(B)/vtamsim --messages > docs/messages.md

prefix ?= /usr
install: all
	install -D -m 755 $(B)/snagate $(DESTDIR)$(prefix)/sbin/snagate
	install -D -m 755 $(B)/vtamsim $(DESTDIR)$(prefix)/sbin/vtamsim
	install -D -m 755 $(B)/vtamcon $(DESTDIR)$(prefix)/bin/vtamcon
	mkdir -p $(DESTDIR)/etc/snagate && cp -rn config/gateway/. $(DESTDIR)/etc/snagate/
clean:
	rm -rf build build-asan build-tsan build-fuzz

-include $(shell test -d $(B) && find $(B) -name '*.d')
