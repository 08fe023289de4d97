#!/bin/sh
# Answers one HTTP request: standard input and output are the connection.

CR=$(printf '\r')
read -r method target _ || exit 0
length=0
while read -r line; do
  line=${line%"$CR"}
  [ -n "$line" ] || break
  case $line in
    [Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]:*) length=$(printf %s "${line#*:}" | tr -cd 0-9) ;;
  esac
done
# Bytes left unread would make the kernel reset the connection and lose our answer.
[ "${length:-0}" -eq 0 ] || head -c "$length" >/dev/null

case $target in
  /health) status='200 OK' body='{"status":"UP"}' ;;
  *) status='200 OK' body="{\"greeting\":\"$HELLO_GREETING\",\"from\":\"sh on port $HELLO_PORT\"}" ;;
esac

printf 'HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n' \
  "$status" "${#body}"
[ "$method" = HEAD ] || printf '%s' "$body"
