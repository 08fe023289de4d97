#!/bin/sh
# A service in shell that Cardea routes to: registered, kept alive and configured with curl alone.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
port=${1:-${PORT:-8083}}
registry=${2:-${REGISTRY_URL:-http://127.0.0.1:8761}}
config=${3:-${CONFIG_URL:-http://127.0.0.1:8888}}

id=hello-shell-$port
instances=$registry/api/v1/services/hello/instances

# Prints only the status: 000 when nobody answers.
status() { curl -s -m 2 -o /dev/null -w '%{http_code}' "$@" || true; }

greeting=$(curl -sf -m 2 "$config/hello-default.properties" | sed -n 's/^hello\.greeting: //p' || true)
HELLO_GREETING=${greeting:-Hello}
HELLO_PORT=$port
export HELLO_GREETING HELLO_PORT

perl "$here/listen.pl" "$port" sh "$here/answer.sh" &
server=$!

# Leave the registry first, so that nobody is sent here any more when the socket closes.
leave() {
  trap - TERM INT
  [ "$(status -X DELETE "$instances/$id")" = 204 ] && echo "hello: deregistered"
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  exit 0
}
trap leave TERM INT

# The listener must be there before the registry sends anybody.
until [ "$(status "http://127.0.0.1:$port/health")" = 200 ]; do
  kill -0 "$server" 2>/dev/null || exit 1
  sleep 0.1
done
echo "hello: listening on http://127.0.0.1:$port, hello.greeting is $HELLO_GREETING"

told=
while kill -0 "$server" 2>/dev/null; do
  # 404 means that the registry does not know the lease: at the start, or after it lost its memory.
  answer=$(status -X PUT "$instances/$id/renew")
  if [ "$answer" = 404 ]; then
    answer=$(status -X POST "$instances" -H 'Content-Type: application/json' \
      -d "{\"id\":\"$id\",\"host\":\"127.0.0.1\",\"port\":$port,\"ttl\":\"2s\",\"metadata\":{\"language\":\"sh\"}}")
  fi
  case $answer in
    200 | 201) state=registered ;;
    000) state="registry not reachable, trying again" ;;
    *) state="refused by the registry with $answer" ;;
  esac
  [ "$state" = "$told" ] || echo "hello: $state"
  told=$state
  # A signal interrupts `wait`, not `sleep`.
  sleep 0.5 &
  wait $! || true
done
exit 1
