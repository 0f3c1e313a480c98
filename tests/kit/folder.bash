# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is for the lab files and for the other parts
# A folder for the programs of a test, in which they can make files: for labs about Unix
# sockets. A lab file asks for it with `run_in_folder` below its line `programs`.

# run_in_folder: each test of this lab has FOLDER, a folder of its own, and SOCKET, a path for
# a socket file in it. The programs start in FOLDER, so SOCKET is short wherever FOLDER is.
run_in_folder() { IN_FOLDER=1; }

# make_folder: FOLDER and SOCKET of this test or run under valgrind, if the lab asks for them.
# In the sandbox the folder is a file system of its own (tmpfs(5)): a program that fills it
# harms its own test alone.
make_folder() {
  [[ -n ${IN_FOLDER:-} ]] || return 0
  FOLDER=$KIT_SHARE/${TEST_DIR#"$KIT_RUN"/}/files
  mkdir -p "$FOLDER"
  if [[ $KIT_CONFINED == full ]]; then
    mount -t tmpfs -o size=64k,nr_inodes=64,mode=700,nosuid,nodev none "$FOLDER"
  fi
  [[ -z ${KIT_USER:-} ]] || chown "$KIT_USER" "$FOLDER"
  new_path
}

# remove_folder: removes FOLDER, if there is one, and what is in it.
remove_folder() {
  [[ -n $FOLDER ]] || return 0
  if [[ $KIT_CONFINED == full ]]; then
    umount -l "$FOLDER"
  else
    rm -rf -- "$FOLDER"
  fi
}

# new_path: SOCKET is another path. The kernel's list of sockets has it as it stands here, so
# it must not be that of another test.
new_path() { SOCKET=./server-$((SRANDOM % 900000 + 100000)).sock; }

# start_at_path PROGRAM ARG…: starts a program with SOCKET before the other arguments.
start_at_path() { start "$1" "$SOCKET" "${@:2}"; }

# start_server_at_path PROGRAM ARG…: the same, and waits until it listens there.
start_server_at_path() {
  start_at_path "$@"
  peer wait-listening-at "$SOCKET"
}

# files_there: REPLY is the names of the files in FOLDER, in order, each in quotes.
files_there() {
  local name
  REPLY=''
  for name in "$FOLDER"/* "$FOLDER"/.[!.]*; do
    [[ ! -e $name && ! -L $name ]] || REPLY+=${REPLY:+ }\"${name##*/}\"
  done
}

# assert_files TEXT: the files in FOLDER are these, as files_there names them.
assert_files() {
  files_there
  [[ $REPLY == "$1" ]] || fail_test "the files in its folder: ${1:-none}" "${REPLY:-none}"
}

# describe_file NAME: REPLY says what the file in FOLDER is, so that a change shows: its kind
# and mode, its number, and where it points to or what is in it.
describe_file() {
  local file=$FOLDER/$1
  REPLY=$(stat -c '%F, mode %a, inode %i, %N' -- "$file" 2>&1) || REPLY='no such file'
  [[ ! -f $file || -L $file ]] || REPLY+=": $(<"$file")"
  REPLY=${REPLY//"$FOLDER/"/}
}

# assert_file_unchanged NAME BEFORE: describe_file says of the file what it said BEFORE.
assert_file_unchanged() {
  describe_file "$1"
  [[ $REPLY == "$2" ]] || fail_test "$1 as it was: $2" "$REPLY"
}
