# What gdb does first for make debug: it attaches to the program that hold -d holds, $pid,
# and goes on to main. terminal.gdb reads this, or the editor's gdb (.vscode/launch.json).
set pagination off
set confirm off
set debuginfod enabled off
set breakpoint pending on
# An editor may have set it.
set stop-on-solib-events 0

# hold has stopped itself with SIGSTOP, which is not the program's.
handle SIGSTOP nostop noprint nopass
eval "attach %d", $pid
tcatch exec
continue

# A program that has a tracer cannot be stopped by SIGSTOP: it stops in gdb instead.
handle SIGSTOP stop print nopass
handle SIGCONT SIGUSR2 nostop noprint pass
# The sanitizers have functions of their own for those of libc. Their sources are not here.
skip -rfu ^(__interceptor_|___interceptor_|__asan_|__ubsan_|__lsan_|__sanitizer)
break __sanitizer::Die
set $found = $bpnum
tbreak main
continue
