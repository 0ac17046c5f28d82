# Looks a command line up in commands.conf, for both mekiki scripts.
#
#   awk -f command-jvm.awk -- TABLE WHERE ARGUMENT...
#
# WHERE is host or image. Prints, one a line, the key of the row that applies and what its profiles add:
#
#   key KEY
#   env NAME=VALUE
#   jvm FLAG
#   archive own|up
#
# The command is the first argument that is not an option. That holds because neither `mekiki` itself nor
# a command whose subcommands have rows of their own takes an option with a value; CommandJvmTest fails
# where one does.

function fail(message) {
  print "mekiki: " message > "/dev/stderr"
  exit 1
}

# Whether Linux backs memory by huge pages where a process asks for them.
function has_huge_pages(   setting) {
  return (getline setting < "/sys/kernel/mm/transparent_hugepage/enabled") > 0 && setting !~ /\[never\]/
}

function read_table(file,   line, field, count, i, slash) {
  while ((getline line < file) > 0) {
    count = split(line, field)
    if (field[1] == "command") {
      row[field[2]] = ""
      for (i = 3; i <= count; i++) {
        row[field[2]] = row[field[2]] " " field[i]
      }
      slash = index(field[2], "/")
      if (slash && substr(field[2], slash + 1, 1) != "-") {
        has_subcommands[substr(field[2], 1, slash - 1)]
      }
    } else if (field[1] == "profile") {
      effects++
      profile[effects] = field[2]
      place[effects] = field[3]
      kind[effects] = field[4]
      value[effects] = field[5]
    }
  }
  if (!effects) {
    fail(file ": cannot be read")
  }
}

# The words of the command, such as `up` or `bench/quality`; nothing where there is no command.
function command_words(   i, words) {
  for (i = 3; i < ARGC; i++) {
    if (ARGV[i] ~ /^-/) {
      # Any other option before the command is refused.
      if (words == "" && ARGV[i] !~ /^(-h|--help|-V|--version)$/) {
        return ""
      }
    } else if (words != "") {
      return words "/" ARGV[i]
    } else {
      words = ARGV[i]
      if (!(words in has_subcommands)) {
        return words
      }
    }
  }
  return words
}

function key_of(words,   i, option) {
  for (i = 3; i < ARGC; i++) {
    option = ARGV[i]
    sub(/=.*/, "", option)
    if (option ~ /^--./ && (words "/" option) in row) {
      return words "/" option
    }
  }
  if (!(words in row)) {
    sub("/.*", "", words)
  }
  return words in row ? words : "*"
}

BEGIN {
  read_table(ARGV[1])
  key = key_of(command_words())
  print "key " key
  count = split(row[key], used)
  for (i = 1; i <= count; i++) {
    known = 0
    for (j = 1; j <= effects; j++) {
      if (profile[j] == used[i]) {
        known = 1
        if (place[j] != "both" && place[j] != ARGV[2]) {
          continue
        }
        if (kind[j] != "hugepages") {
          print kind[j] " " value[j]
        } else if (has_huge_pages()) {
          print "jvm " value[j]
        }
      }
    }
    if (!known) {
      fail("row " key ": no profile " used[i])
    }
  }
}
