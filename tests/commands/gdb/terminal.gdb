# gdb in a terminal, for make debug. It exits with status 42 when the program has ended. If
# the person quits before, it kills the program: gdb lets go of what it has attached to.
define hook-stop
  if !$_isvoid($_exitsignal)
    if $_exitsignal == 9
      echo The test is over, and has ended the program.\n
    end
  end
  if !$_isvoid($_exitcode) || !$_isvoid($_exitsignal)
    quit 42
  end
end
define hook-quit
  if $_thread && $_isvoid($_exitcode) && $_isvoid($_exitsignal)
    kill
  end
end

# What attach.gdb makes gdb say tells the reader nothing. "commands" would switch this back on.
set logging file /dev/null
set logging redirect on
set logging enabled on
# attach.gdb stands here.
set logging enabled off

commands $found
  silent
  echo A sanitizer has found an error, and ends the program here. Type bt: who called whom.\n
end
frame
