# The commands of the course. Plain "make" lists them, from the lines with ## below.
# Each command runs one script, which does the work. Variables reach it in the
# environment: "LAB=03 tests/commands/check" does what "make check LAB=03" does.

.DEFAULT_GOAL := help
.SILENT:
.NOTPARALLEL:

# All variables. A value is text, never code: without these lines make would run the
# command in NAME='$(shell …)' when it hands NAME to a script. $(value NAME) is the
# text as it was typed. make has a CC of its own, which is not the user's.
override export CC := $(if $(filter default,$(origin CC)),,$(value CC))
override export COLUMN := $(value COLUMN)
override export CONFINE := $(value CONFINE)
override export EXPORT := $(value EXPORT)
override export FILE := $(value FILE)
override export FORMAT := $(value FORMAT)
override export FRESH := $(value FRESH)
override export HOSTS := $(value HOSTS)
override export JOBS := $(value JOBS)
override export LAB := $(value LAB)
override export N := $(value N)
override export NAME := $(value NAME)
override export OUT := $(value OUT)
override export PART := $(value PART)
override export ROSTER := $(value ROSTER)
override export SEED := $(value SEED)
override export SKIP := $(value SKIP)
override export SUBMISSION := $(value SUBMISSION)
override export SUBMISSIONS := $(value SUBMISSIONS)
override export TEST := $(value TEST)
override export VALGRIND := $(value VALGRIND)
export GOALS := $(MAKECMDGOALS)

# These act on a script before its first line. tests/common.bash removes the rest of
# an unusual environment.
unexport BASH_ENV ENV SHELLOPTS BASHOPTS CDPATH LD_PRELOAD POSIXLY_CORRECT
export LC_ALL := C.UTF-8

COMMANDS := help setup check watch trace debug claim leaks hint progress solution reset hand-in \
  grade report marks similar gradescope release \
  new-lab mistake skeletons pictures lint test triangle mutate soak bench check-reports attacks \
  slides check-slides setup-slides
.PHONY: $(COMMANDS)

# make would ignore a misspelt variable, and take the folder "labs" for a goal.
refuse = $(error $(shell tests/commands/help $(foreach word,$1,'$(subst ','\'',$(word))')))
variable := $(firstword $(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $v)),$v)))
$(if $(variable),$(call refuse,variable $(variable) $(MAKECMDGOALS)))
goal := $(firstword $(filter-out $(COMMANDS),$(MAKECMDGOALS)))
$(if $(goal),$(call refuse,goal $(goal)))

## Student
setup: tests/commands/setup       ## install what the other goals on the line need
                                  ## make setup check
check: tests/commands/check       ## test your programs, all labs or one, and say what to do next
                                  ## LAB=03 TEST='words' SEED=7 VALGRIND=0 SUBMISSION=DIR
watch: tests/commands/watch       ## check again whenever you save a file
                                  ## LAB=03 VALGRIND=0
trace: tests/commands/trace       ## draw what your program does, or a test that failed
                                  ## LAB=09 TEST='words' SEED=7 FORMAT=mermaid SUBMISSION=DIR
debug: tests/commands/debug       ## one test again, with your program under gdb in this terminal
                                  ## LAB=05 TEST='words' SEED=7 SUBMISSION=DIR
claim: tests/commands/claim       ## what the article says, tried on this kernel; without N a list
                                  ## N=6
leaks: tests/commands/leaks       ## what valgrind says: which block or descriptor, opened where
                                  ## LAB=03
hint: tests/commands/hint         ## a hint for the step you are at; again for one that tells more
                                  ## LAB=03 N=1
progress: tests/commands/progress ## how far you are, from the last check of each lab
solution: tests/commands/solution ## compare with ours, once your lab has full marks
                                  ## LAB=03
reset: tests/commands/reset       ## start a lab again; a copy of your files is kept
                                  ## LAB=03
hand-in: tests/commands/hand-in   ## pack your labs for your instructor
                                  ## NAME=your-id

## Instructor
grade: tests/grader/grade                ## grade a folder of submissions; without one, our sample class
                                         ## SUBMISSIONS=DIR LAB=03 OUT=grades JOBS=4 SEED=7
                                         ## ROSTER=FILE HOSTS=FILE FRESH=1 CONFINE=full SKIP=allow
report: tests/grader/report              ## write the reports on a graded class again; grade has done so
                                         ## OUT=grades
marks: tests/grader/marks                ## put marks into a gradebook that Canvas or Moodle exported
                                         ## FORMAT=canvas EXPORT=file.csv COLUMN='Lab 03' LAB=03
similar: tests/grader/similar            ## list which submissions are alike, for a person to look at
                                         ## SUBMISSIONS=DIR LAB=03 N=20
gradescope: tests/grader/gradescope/pack ## write the zip that Gradescope takes as an autograder
                                         ## LAB=03 SEED=7
release: tests/grader/release            ## write the archive for students, without solutions
                                         ## LAB=01-03

## Maintainer
new-lab: tests/course/authors/new-lab ## lay the four places of a lab, with stubs that run
                                      ## NAME=14-multicast
mistake: tests/course/authors/mistake ## make a known mistake, and see which tests notice it
                                      ## LAB=03 NAME=fixed-backlog FILE=path/listen.c
skeletons: tests/course/skeletons     ## write skeletons and tables of labs/ from solutions and tests
pictures: tests/course/pictures       ## write how each test goes with our solution, for trace
                                      ## LAB=03
lint: tests/course/lint               ## warnings, static analysis and formatting, C and shell
test: tests/course/run                ## test the course itself, or a part of it: make setup test
                                      ## PART=lint LAB=03 N=1
triangle: tests/course/triangle       ## judge every solution, variant, skeleton and mistake
                                      ## LAB=03
mutate: tests/course/mutate           ## change each solution in small ways, see that its tests notice
                                      ## LAB=03 N=10
soak: tests/course/soak               ## judge what is right N times under load: nothing may fail
                                      ## N=1000 LAB=03
bench: tests/course/bench             ## what grading a class costs, against the least that it can
                                      ## N='20 100 400' LAB=03 JOBS=2 CONFINE=full
check-reports: tests/course/grader/check-reports ## look at the reports in chromium; OUT=DIR keeps pictures
attacks: tests/course/sandbox/attacks ## grade a class of attackers: unconfined, then confined
slides: slides/tools/build            ## build the slides, HTML and PDF, into .build/slides
check-slides: slides/tools/check      ## see that no slide is out of date, crowded or too small
setup-slides: slides/tools/setup      ## install what slides and check-slides need: node, Chromium

help: tests/commands/help

# Each command runs its script, which is its first prerequisite. Setup comes first, in
# whatever order the goals are named.
words =
attacks: words = --contrast
$(filter-out setup,$(COMMANDS)): | $(filter setup,$(MAKECMDGOALS))
$(COMMANDS):
	$< $(words)
tests/% slides/%:
	$(error $@ is not in this copy of the course: it is for instructors)
