# SPDX-License-Identifier: GPL-3.0-or-later
CC     ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DATADIR = $(PREFIX)/share/tapdeck
B       = build
# make Q= shows the commands whole.
Q       = @

WARN    = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
          -Wmissing-prototypes -Wundef -Werror
# its fourth version has a name of its own
MXML   := $(shell pkg-config --exists mxml4 && echo mxml4 || echo mxml)
PKGS    = libpipewire-0.3 liblo sndfile yaml-0.1 smf alsa $(MXML) zlib \
          jansson libebur128 libqrencode avahi-client libpcre2-8
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lportmidi
# No product is joined with a sum into one rounding: the same sound whatever the
# compiler and the processor.
COMPILE = $(CC) -std=c11 -ffp-contract=off -D_GNU_SOURCE -I. $(PKG_CFLAGS) \
          $(CPPFLAGS)

# Everything the audio thread runs is built from these files and no others.
RT_SRC  = core/mixer/mixer.c core/mixer/mixer_chunk.c core/mixer/mixer_send.c \
          core/mixer/mixer_message.c \
          core/mixer/sinks.c core/meter.c core/mixer/fader.c core/mixer/cross.c core/mixer/cue.c core/mixer/solo.c core/mixer/glide.c core/mixer/ramp.c core/queue.c \
          core/ring/writer.c core/ring/reader.c core/ring/interleave.c \
          core/mixer/downmix.c core/mixer/fold.c core/reflex.c core/curve.c \
          $(filter-out %_setup.c,$(wildcard core/stage/*.c)) \
          core/level.c core/ump.c core/clock_out.c $(wildcard core/dsp/*.c) \
          driver/pipewire/node/cycle.c driver/pipewire/node/cycle_midi.c
RT_OBJ  = $(RT_SRC:%.c=$(B)/%.o)

# core, driver and control: a folder is a room, two deep.
IN_ROOMS = $(foreach d,core driver control,$(wildcard $(d)/$(1) $(d)/*/$(1) $(d)/*/*/$(1)))
SRC     = $(filter-out control/main.c,$(call IN_ROOMS,*.c))
OBJ     = $(SRC:%.c=$(B)/%.o)
LIB     = $(B)/libtapdeck.a
BIN     = $(B)/tapdeck
UNIT    = $(patsubst tests/%.c,$(B)/%,$(wildcard tests/test_*.c))
# A library of its own: it and its tests are built and linked without the rest.
RING_OBJ  = $(filter $(B)/core/ring/%,$(OBJ))
RING_LIB  = $(B)/libtapdeckring.a
RING_UNIT = $(filter $(B)/test_ring%,$(UNIT))
TOOLS   = $(patsubst tests/session/%.c,$(B)/%,$(wildcard tests/session/*.c))
VM_TOOLS = $(patsubst tests/vm/%.c,$(B)/%,$(wildcard tests/vm/*.c))
BENCH   = $(patsubst tests/bench/%.c,$(B)/%,$(wildcard tests/bench/bench_*.c))
JACK_DIR = $(shell pkg-config --variable=libdir jack 2>/dev/null)
FUZZ    = $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
SESSION = $(wildcard tests/session/test_*.sh)
HEADERS = $(call IN_ROOMS,*.h)
C_FILES = $(call IN_ROOMS,*.[ch]) $(wildcard tests/*.[ch] tests/*/*.[ch])
MAN     = $(wildcard control/*.1)
MAN5    = $(wildcard control/*.5)
MAPPINGS = $(wildcard mappings/*.yaml)
# Made by the program itself, for those who have not run it yet
LAYOUTS = $(B)/mappings/tapdeck.tosc $(B)/mappings/tapdeck.amxd

# What Debian 12 calls the packages: to build, to test and show, to lint.
DEPS_BUILD = gcc libc6-dev make pkg-config libpipewire-0.3-dev liblo-dev \
             libsndfile1-dev libyaml-dev libsmf-dev \
             libcmocka-dev libportmidi-dev libasound2-dev libmxml-dev \
             zlib1g-dev libjansson-dev libebur128-dev libqrencode-dev libavahi-client-dev \
             libpcre2-dev
DEPS_TEST  = pipewire pipewire-bin wireplumber dbus-daemon liblo-tools \
             sox mpv gnuplot-nox fonts-dejavu-core python3 procps util-linux \
             pipewire-jack libjack-jackd2-dev pipewire-pulse pulseaudio-utils \
             swh-plugins ladspa-sdk \
             python3-lupa puredata-core iproute2 avahi-daemon avahi-utils
# Programs that people have: the tests of those that cannot be had are left out.
DEPS_PROGRAMS = chromium firefox-esr vlc-bin vlc-plugin-base mixxx xvfb xdotool \
             ffmpeg libsox-fmt-pulse gstreamer1.0-tools gstreamer1.0-plugins-base \
             gstreamer1.0-plugins-good gstreamer1.0-pulseaudio audacious \
             easyeffects
DEPS_VM    = qemu-system-x86 busybox-static kmod alsa-utils
DEPS_UM    = busybox-static kmod iproute2 flex bison bc xz-utils
DEPS_FUZZ  = clang libclang-rt-dev
DEPS_DEBIAN = debootstrap util-linux iproute2
DEPS_LINT  = clang clang-format clang-tidy cppcheck shellcheck

all: $(BIN) $(LAYOUTS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	$(Q)$(COMPILE) $(DEFINES) $(WARN) $(CFLAGS) $(OPTIMISE) -MMD -MP -c $< -o $@

# The mixer's loops are written to be vectorised. After CFLAGS, whatever they
# say; the sanitizers' builds leave it out.
RT_FLAGS ?= -O3
$(RT_OBJ): OPTIMISE = $(RT_FLAGS)

# Where the program looks for its data. A change of PREFIX compiles this anew.
$(B)/control/mapping/mapping_find.o: $(B)/datadir
$(B)/control/mapping/mapping_find.o: DEFINES = -DTAPDECK_DATADIR='"$(DATADIR)"'
$(B)/datadir: FORCE
	@mkdir -p $(@D)
	@echo '$(DATADIR)' | cmp -s - $@ || echo '$(DATADIR)' >$@
FORCE:

# Scripts that are read by the assembler, which tells no dependency
$(B)/control/layout/layout_script.o: $(wildcard control/layout/*.lua)

$(LIB): $(OBJ)
	@rm -f $@
	@echo '  AR    $@'
	$(Q)ar rcs $@ $^

$(BIN): $(B)/control/main.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(PKG_LIBS) -lpthread -lm -o $@

$(B)/mappings/tapdeck.tosc: KIND = touchosc
$(B)/mappings/tapdeck.amxd: KIND = m4l
$(LAYOUTS): $(BIN)
	@mkdir -p $(@D)
	@echo '  MAKE  $@'
	$(Q)$(BIN) layout $(KIND) --general >$@.part && mv $@.part $@

$(RING_LIB): $(RING_OBJ)
	@rm -f $@
	@echo '  AR    $@'
	$(Q)ar rcs $@ $^

$(RING_UNIT): $(B)/test_%: $(B)/tests/test_%.o $(RING_LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -lcmocka -lpthread -o $@

# The library is an archive: a test links the modules it calls and no others.
$(filter-out $(RING_UNIT),$(UNIT)): $(B)/test_%: $(B)/tests/test_%.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(UNIT_FLAGS) $^ -lcmocka $(PKG_LIBS) \
		-lpthread -lm -o $@

# Memory is short there when the test says so.
$(B)/test_osc_line: UNIT_FLAGS = -Wl,--wrap=malloc
$(B)/test_rules: UNIT_FLAGS = -Wl,--wrap=calloc
# The disk is full there, or slow.
$(B)/test_state_kill: UNIT_FLAGS = -Wl,--wrap=write,--wrap=fsync

$(TOOLS): $(B)/%: $(B)/tests/session/%.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(PKG_LIBS) $(TOOL_LIBS) -lpthread -lm -o $@

$(B)/jackplay: TOOL_LIBS = -ljack

$(VM_TOOLS): $(B)/%: $(B)/tests/vm/%.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(PKG_LIBS) $(TOOL_LIBS) -lpthread -lm -o $@

$(B)/midi_sound: TOOL_LIBS = -ljack

# Ends a program whose audio thread allocates, locks or calls the system.
$(B)/interpose.so: tests/interpose/interpose.c
	@mkdir -p $(@D)
	@echo '  LD    $@'
	$(Q)$(COMPILE) $(WARN) $(CFLAGS) -fPIC -shared $< -o $@ -ldl

# check and demo install what is missing first, so that each is the only
# command needed on a fresh machine; the libraries are looked up after that.
JOBS ?= $(shell nproc)
check: deps deps-programs
	@$(MAKE) -j$(JOBS) --no-print-directory everything
	@$(MAKE) --no-print-directory check-rt check-headers check-layers test vm

demo: deps
	@$(MAKE) -j$(JOBS) --no-print-directory all
	@tests/session/demo.sh

everything: $(BIN) $(UNIT) $(TOOLS) $(BENCH) $(VM_TOOLS) $(B)/interpose.so

test: $(BIN) $(UNIT) $(TOOLS) $(BENCH) $(B)/interpose.so
	@tests/run.sh $(B)/log $(UNIT)
	@tests/run.sh -s $(B)/log $(SESSION)

# MIDI on the real ALSA sequencer, in a virtual machine; where there can be none
# it says so.
vm: $(BIN) $(VM_TOOLS)
	@DEPS_VM='$(DEPS_VM)' tests/vm/run.sh $(B)

# make check on another Debian, on this machine: as root, and with the network
# while its files are made. The first time 3 GB are written to build/debian.
SUITE ?= trixie
check-debian:
	@DEPS_DEBIAN='$(DEPS_DEBIAN)' tests/debian/check.sh $(SUITE) build/debian

unit: $(UNIT)
	@tests/run.sh $(B)/log $(UNIT)

# The audio thread may call what rt.allow lists: no malloc, lock or printf.
check-rt: $(RT_OBJ)
	@ld -r -o $(B)/rt.o $(RT_OBJ)
	@! nm -u $(B)/rt.o | awk '{ print $$2 }' | grep -vxFf rt.allow
	@echo "check-rt: the audio thread calls nothing that may wait"

# Every header compiles alone.
check-headers:
	@printf '%s\n' $(HEADERS) | xargs -P $(JOBS) -I{} sh -c \
	    'printf "#include \"%s\"\nint unused;\n" {} | \
	    $(COMPILE) $(WARN) -fsyntax-only -x c -'
	@echo "check-headers: $(words $(HEADERS)) headers compile alone"

# Nothing includes what stands above it.
check-layers: $(OBJ)
	@tests/layers.sh
	@tests/circles.sh $(B) $(OBJ)

# Each compiler, with all that this processor can do, renders the same bytes.
# WARN: PipeWire's headers are GNU C.
check-compilers: deps deps-lint
	@for cc in gcc clang; do \
	    $(MAKE) -s --no-print-directory B=build/$$cc CC=$$cc WARN= \
	        CFLAGS='-O2 -march=native' build/$$cc/test_render_same && \
	    build/$$cc/test_render_same >build/$$cc/render_same.log 2>&1 || \
	        { cat build/$$cc/render_same.log; exit 1; }; done
	@echo "check-compilers: gcc and clang render the same bytes"

# The ring alone, by each compiler and without assertions: it may include itself
# and core/rt.h, and its tests must pass.
check-ring: deps deps-lint
	@for cc in gcc clang; do \
	    $(MAKE) -s --no-print-directory B=build/ring-$$cc CC=$$cc \
	        CFLAGS='-O2 -g -DNDEBUG' unit-ring || exit 1; done
	@echo "check-ring: gcc and clang build it alone, and its tests pass"

unit-ring: $(RING_UNIT)
	@! cat $(RING_OBJ:.o=.d) | grep -o 'core/[^ ]*\.h' | \
	    grep -vx 'core/rt\.h\|core/ring/.*' | \
	    sort -u | sed 's/^/check-ring: the ring includes /' | grep .
	@tests/run.sh $(B)/log $(RING_UNIT)

# The unit tests under a sanitizer: make test-thread, test-address,
# test-undefined. The torture is one thread, where that of threads has little to
# find and is slow.
test-%:
	@$(if $(filter thread,$*),SEEDS=30) $(MAKE) -j$(JOBS) --no-print-directory B=build/$* RT_FLAGS= \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=$* -fno-sanitize-recover=all $(if $(filter thread,$*),-Wno-tsan)' unit

lint:
	@echo '  clang-format'
	@clang-format --dry-run -Werror $(C_FILES)
	@echo '  cppcheck'
	@cppcheck -q --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --error-exitcode=1 -D_GNU_SOURCE -D__SSE2__ \
	    --include=.cppcheck.h \
	    -I. core driver control
	@echo '  clang-tidy'
	@printf '%s\n' $(SRC) control/main.c | xargs -P $$(nproc) -n 8 sh -c \
	    'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- -std=c11 \
	    -D_GNU_SOURCE -I. $(PKG_CFLAGS) 2>/dev/null' _
	@echo '  gcc -fanalyzer'
	@$(MAKE) --no-print-directory B=build/analyzer CC=gcc \
	    RT_FLAGS= CFLAGS='-O1 -g -fanalyzer' build/analyzer/libtapdeck.a
	@echo '  shellcheck'
	@shellcheck -x -S warning tests/*.sh tests/session/*.sh tests/bench/*.sh \
	    tests/vm/*.sh tests/debian/*.sh .ci/run
	@shellcheck -s dash -S warning tests/vm/init
	@shellcheck -S warning tests/vm/um_init

# Ratios within one run, in about seven minutes; the first time a kernel is built for
# it, in three more. A missed bound is shown and is no
# failure.
bench: deps
	@$(MAKE) -s --no-print-directory $(BIN) $(BENCH) $(TOOLS) $(VM_TOOLS)
	@DEPS_UM='$(DEPS_UM)' TAPDECK=$${TAPDECK:-$(BIN)} tests/bench/bench.sh $(B)

# JACK's ring buffer is that of jackd, also where PipeWire's libjack comes
# first for the loader.
$(BENCH): $(B)/bench_%: $(B)/tests/bench/bench_%.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -Wl,--as-needed $(PKG_LIBS) -ljack \
	    -Wl,-rpath,$(JACK_DIR) -lpthread -lm -o $@

# Each tests/fuzz/fuzz_NAME.c begins with the files of tests/fuzz/NAME. What it
# finds stays in build/fuzz/corpus; what breaks it is left as build/fuzz/NAME-*.
FUZZ_SECONDS ?= 10
fuzz: deps deps-fuzz
	@$(MAKE) -j$(JOBS) --no-print-directory B=build/fuzz CC=clang RT_FLAGS= \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
	    WARN= fuzz-run

fuzz-run: $(FUZZ)
	@for t in $(FUZZ:$(B)/fuzz_%=%); do \
	    mkdir -p $(B)/corpus/$$t; \
	    seeds=tests/fuzz/$$t; [ -d $$seeds ] || seeds=; \
	    $(B)/fuzz_$$t -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
	        -print_final_stats=1 -artifact_prefix=$(B)/$$t- \
	        $(B)/corpus/$$t $$seeds >$(B)/$$t.log 2>&1 || \
	        { tail -n 60 $(B)/$$t.log; exit 1; }; \
	    awk -v t=$$t '/number_of_executed_units/ { \
	        printf "  FUZZ  %s: %d inputs, no failure\n", t, $$2 }' \
	        $(B)/$$t.log; done

$(FUZZ): $(B)/%: $(B)/tests/fuzz/%.o $(LIB)
	@echo '  LD    $@'
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ $(PKG_LIBS) \
	    -lpthread -lm -o $@

# What takes hours, and in .ci/run a short form of it: so many links, starts of
# programs, tracks of a page, killed engines, daemons that stand still, streams at
# once, changes of rate and block, seconds of a desktop.
LINKS ?= 20000
APPS  ?= 1000
STARTS ?= 200
TRACKS ?= 500
KILLS ?= 200
STOPS ?= 50
STREAMS ?= 200
RATES ?= 100
DESKTOP ?= 3600
SOAK = $(filter-out $(if $(filter 0,$(DESKTOP)),%/soak_desktop.sh), \
       $(wildcard tests/session/soak*.sh)) tests/session/test_browsers.sh
export LINKS APPS STARTS KILLS STOPS STREAMS RATES DESKTOP
soak: deps deps-programs
	@$(MAKE) -s -j$(JOBS) --no-print-directory $(BIN) $(TOOLS)
	@TRACKS=$(TRACKS) LIMIT_S=9000 tests/run.sh -s $(B)/soak $(SOAK)
	@grep -h '^#' $(B)/soak/*.log

install: $(BIN) $(LAYOUTS)
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/tapdeck
	for m in $(MAN); do install -D -m 644 $$m \
	    $(DESTDIR)$(PREFIX)/share/man/man1/$${m##*/} || exit 1; done
	for m in $(MAN5); do install -D -m 644 $$m \
	    $(DESTDIR)$(PREFIX)/share/man/man5/$${m##*/} || exit 1; done
	for m in $(MAPPINGS); do install -D -m 644 $$m \
	    $(DESTDIR)$(DATADIR)/$$m || exit 1; done
	for m in $(LAYOUTS); do install -D -m 644 $$m \
	    $(DESTDIR)$(DATADIR)/mappings/$${m##*/} || exit 1; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/tapdeck
	for m in $(MAN); do \
	    rm -f $(DESTDIR)$(PREFIX)/share/man/man1/$${m##*/}; done
	for m in $(MAN5); do \
	    rm -f $(DESTDIR)$(PREFIX)/share/man/man5/$${m##*/}; done
	for m in $(MAPPINGS); do rm -f $(DESTDIR)$(DATADIR)/$$m; done
	for m in $(LAYOUTS); do \
	    rm -f $(DESTDIR)$(DATADIR)/mappings/$${m##*/}; done
	-rmdir $(DESTDIR)$(DATADIR)/mappings $(DESTDIR)$(DATADIR) 2>/dev/null

deps:
	@tests/deps.sh $(DEPS_BUILD) $(DEPS_TEST)

deps-programs:
	@tests/deps.sh -o $(filter-out $(WITHOUT),$(DEPS_PROGRAMS))

deps-fuzz:
	@tests/deps.sh $(DEPS_FUZZ)

deps-lint:
	@tests/deps.sh $(DEPS_LINT)

clean:
	rm -rf build

.PHONY: all check check-debian demo everything test vm unit check-rt check-headers \
        check-layers check-compilers check-ring unit-ring lint bench fuzz \
        fuzz-run soak install uninstall deps deps-programs deps-fuzz deps-lint \
        clean
-include $(wildcard $(OBJ:.o=.d) $(B)/control/*.d $(B)/tests/*.d $(B)/tests/*/*.d)
