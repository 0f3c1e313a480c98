# The only door to the course. Each target calls one script, which does the
# work and the judging; variables reach it as environment variables of the same
# name, so "LAB=03 tests/commands/check" does what "make check LAB=03" does.
#
# Plain "make" prints the commands. It reads them from this file: "#=" names a
# reader, "#:" lines above a target describe it. They are also the only list of
# the variables.

.DEFAULT_GOAL := help
.SILENT:
.NOTPARALLEL:

VARIABLES := CC $(shell sed -n 's/^\#: //p' Makefile | grep -oE '\b[A-Z]+=' | sort -u | tr -d =)

$(if $(and $(filter command,$(origin LABS)),$(filter-out setup release,$(MAKECMDGOALS))),$(error LABS is for "make release"; elsewhere write LAB=03))

# A value is text, never code. make would expand $(shell …) in NAME='$(shell …)'
# when it exports NAME; $(value) takes the text as it was typed, and recipes
# below never put a value, nor a goal's name, into a shell's command line.
$(foreach v,$(VARIABLES),$(if $(filter undefined default,$(origin $v)),,$(eval override export $v := $$(value $v))))
export GOALS := $(value MAKECMDGOALS)


# The last line that a student reads must be the script's: what to do next. But
# make adds "*** [Makefile:40: check] Error 1" when a recipe fails. The one way
# to make it exit 1 in silence is its question mode (-q): there a target whose
# recipe is still to be done means "exit 1", and only lines with a "+" are run.
# So ".check" runs the script in a "+" line that always succeeds, and leaves a
# mark if the script did too; "check", made next, is "still to be done" unless it
# finds the mark. After a failure nothing more is run. Should -q ever stop
# working, the word "false" is run as a command: make's own line is back, and
# the status is still not 0.
# "make -n" only shows what would be run, and needs make without -q for it.
show_only = $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))
ifeq ($(show_only),)
MAKEFLAGS += -q
endif
unexport MAKEFLAGS MFLAGS MAKEOVERRIDES
# What acts before the first line of a script. The scripts leave out the rest of a
# strange environment themselves: tests/common.bash.
unexport BASH_ENV ENV SHELLOPTS BASHOPTS CDPATH LD_PRELOAD POSIXLY_CORRECT
export LC_ALL := C.UTF-8
mark := $(shell mktemp -u /tmp/socket-steps.XXXXXXXXXX)
failed :=

# A misspelt name (lab=03, TESTS=…, chekc) would be ignored in silence, or take a
# folder for a goal: say so instead.
said = $(error $(shell tests/commands/help Makefile $(foreach word,$1,'$(subst ','\'',$(word))')))
typed := $(strip $(foreach v,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $v))),$v)))
$(if $(typed),$(call said,variable $(firstword $(typed)) $(MAKECMDGOALS)))

COMMANDS := help setup check watch trace claim leaks hint progress solution reset hand-in grade report marks gradescope similar release skeletons lint test mutate soak bench check-reports slides check-slides setup-slides attacks
unknown := $(filter-out $(COMMANDS),$(MAKECMDGOALS))
$(if $(unknown),$(call said,goal $(firstword $(unknown))))
.PHONY: $(COMMANDS) $(COMMANDS:%=.%)

$(COMMANDS): %: .%
	$(if $(show_only)$(shell rm $(mark) 2>/dev/null && echo passed),,$(eval failed := yes)false)

$(COMMANDS:%=.%): .%:
	$(if $(failed)$(wildcard $(firstword $(script))),,$(error "make $*" is not in this copy of the course: it is for instructors))
	$(if $(failed),,$(if $(show_only),,+unset MAKELEVEL; )if $(script); then set -C && : >$(mark); fi)

# Setup comes first, in whatever order the goals were named.
$(filter-out .setup,$(COMMANDS:%=.%)): | $(filter setup,$(MAKECMDGOALS))

Makefile: ;

#= Student
#: install what the other goals on the line need
#: make setup check
setup: script = tests/commands/setup
#: test your programs, all labs or one, and say what to do next
#: LAB=03 TEST='words' SEED=7 VALGRIND=0 SUBMISSION=DIR
check: script = tests/commands/check
#: check again whenever you save a file
#: LAB=03 VALGRIND=0
watch: script = tests/commands/watch
#: draw what your program and the kernel do: calls, and the wire
#: LAB=09 FORMAT=mermaid SUBMISSION=DIR
trace: script = tests/commands/trace
#: what the article says, tried on this kernel; without N a list
#: N=6
claim: script = tests/commands/claim
#: a hint for the step you are at; again for one that tells more
#: LAB=03 N=1
hint: script = tests/commands/hint
#: what valgrind says: which block or descriptor, opened where
#: LAB=03
leaks: script = tests/commands/leaks
#: how far you are, from the last check of each lab
progress: script = tests/commands/progress
#: compare with ours, once your lab has full marks
#: LAB=03
solution: script = tests/commands/solution
#: start a lab again; a copy of your files is kept
#: LAB=03
reset: script = tests/commands/reset
#: pack your labs for your instructor
#: NAME=your-id
hand-in: script = tests/commands/hand-in

#= Instructor
#: grade a folder of submissions; without one, our sample class
#: SUBMISSIONS=DIR LAB=03 OUT=grades JOBS=4 SEED=7
#: ROSTER=FILE HOSTS=FILE FRESH=1 CONFINE=full SKIP=allow
grade: script = tests/grader/grade
#: write the reports on a graded class again; grade has done so
#: OUT=grades
report: script = tests/grader/report
#: put marks into a gradebook that Canvas or Moodle exported
#: FORMAT=canvas EXPORT=file.csv COLUMN='Lab 03' LAB=03
marks: script = tests/grader/marks
#: list which submissions are alike, for a person to look at
#: SUBMISSIONS=DIR LAB=03 N=20
similar: script = tests/grader/similar
#: write the zip that Gradescope takes as an autograder
#: LAB=03 SEED=7
gradescope: script = tests/grader/gradescope/pack
#: write the archive for students, without solutions
#: LABS=01-03
release: script = tests/grader/release

#= Maintainer
#: write skeletons and tables of labs/ from solutions and tests
skeletons: script = tests/commands/skeleton --all labs && tests/course/test-table
#: warnings, static analysis and formatting, C and shell
lint: script = tests/course/lint
#: test the course itself, or a part of it: make setup test
#: PART=lint
test: script = tests/course/run

#: change each solution in small ways, see that its tests notice
#: LAB=03 N=10
mutate: script = tests/course/mutate
#: judge what is right N times under load: nothing may fail
#: N=1000 LAB=03
soak: script = tests/course/soak
#: what grading a class costs, against the least that it can
#: N='20 100 400' LAB=03 JOBS=2 CONFINE=full
bench: script = tests/course/bench
#: look at the reports in chromium; OUT=DIR keeps pictures
check-reports: script = tests/course/grader/check-reports
#: grade a class of attackers: unconfined, then confined
attacks: script = tests/course/sandbox/attacks --contrast
#: build the slides, HTML and PDF, into .build/slides
slides: script = slides/tools/build
#: see that no slide is out of date, crowded or too small
check-slides: script = slides/tools/check
#: install what slides and check-slides need: node, Chromium
setup-slides: script = slides/tools/setup

help: script = tests/commands/help Makefile
