#!/usr/bin/env bash
# Runs both configurations of docs/deploy.md for real: nginx with TLS before a console, once with a users
# file and once with a stand-in for oauth2-proxy. Needs nginx, openssl, curl, redis-server and a build.
set -euo pipefail
if [ $# -gt 0 ]; then
  echo "behind-nginx: takes no arguments, but got $1" >&2
  exit 2
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH=$PATH:/usr/sbin
for needed in nginx openssl curl redis-server; do
  command -v "$needed" >/dev/null || { echo "behind-nginx: $needed is not in PATH: install it" >&2; exit 1; }
done
[ -f dist/cli.js ] || { echo 'behind-nginx: nothing is built: run npm run build' >&2; exit 1; }

work=$(mktemp -d)
running=()
finish() {
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${running[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "behind-nginx: $*" >&2; tail -n 5 "$work"/*.log >&2 || true; exit 1; }

tls=8443 console=3917 gate=3918
site=console.example.com
url=https://$site:$tls
visit() { curl --silent --show-error --cacert "$work/cert.pem" --resolve "$site:$tls:127.0.0.1" "$@"; }
status() { visit --output /dev/null --write-out '%{http_code}' "$@"; }
expect() { [ "$2" = "$3" ] || fail "$1: expected $3, but got $2"; echo "ok  $1"; }
contains() { grep -qF -- "$3" <<<"$2" || fail "$1: no $3 in: $(head -c 300 <<<"$2")"; echo "ok  $1"; }
until_up() {
  for _ in $(seq 100); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.1; done
  fail "did not start: $*"
}

openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=$site" -addext "subjectAltName=DNS:$site" \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null

# The Nth block of a language in docs/deploy.md, with ports and files of this script.
block() {
  awk -v want="$2" -v open="\`\`\`$1" '
    $0 == open { at++; inside = (at == want); next } /^```/ { inside = 0 } inside' docs/deploy.md |
    sed -e "s#listen 443#listen 127.0.0.1:$tls#" -e "s#/etc/ssl/console.pem#$work/cert.pem#" \
      -e "s#/etc/ssl/console.key#$work/key.pem#" -e "s#127.0.0.1:3000#127.0.0.1:$console#" \
      -e "s#127.0.0.1:4180#127.0.0.1:$gate#" -e "s#https://$site#$url#" \
      -e "s#^CONSOLE_USERS_FILE=.*#CONSOLE_USERS_FILE=$work/users#"
}

start() { # start NAME OF THE ENVIRONMENT'S BLOCK, NUMBER OF NGINX' BLOCK
  { printf 'pid %s/nginx.pid;\nerror_log %s/nginx.log;\nevents {}\nhttp {\naccess_log off;\n' "$work" "$work"
    for kind in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s;\n' $kind "$work" $kind; done
    block nginx "$2"
    echo '}'; } >"$work/nginx.conf"
  mapfile -t settings < <(block sh "$1")
  env -i PATH="$PATH" ONBOARD_DATA_DIR="$work/data" CONSOLE_PORT=$console LOG_LEVEL=info "${settings[@]}" \
    node dist/cli.js console >"$work/console.out" 2>"$work/console.log" &
  running+=($!)
  nginx -e "$work/nginx.log" -c "$work/nginx.conf" -g 'daemon off;' &
  running+=($!)
  until_up curl --fail "http://127.0.0.1:$console/readyz"
  until_up visit "$url/"
}
stop() {
  for pid in "${running[@]}"; do kill "$pid"; wait "$pid" 2>/dev/null || true; done
  running=()
}

echo 'With a users file:'
printf 'a password of this script\n' |
  node dist/cli.js console user ana --role operator 2>/dev/null >"$work/users"
chmod 600 "$work/users"
start 2 1
expect 'somebody who is not signed in is led to sign in' "$(status "$url/")" 303
sign_in() { status --cookie-jar "$work/jar" --header "Origin: $url" --data-urlencode 'name=ana' --data-urlencode "password=$1" "$url/sign-in"; }
expect 'a wrong password is refused' "$(sign_in 'a wrong password')" 401
expect 'the right one signs in' "$(sign_in 'a password of this script')" 303
contains 'the cookie is for this host and https alone' "$(cat "$work/jar")" '__Host-onboard-'
contains 'a page names who came' "$(visit --cookie "$work/jar" "$url/")" 'ana</bdi>'
live=$(visit --no-buffer --max-time 2 --cookie "$work/jar" "$url/live" 2>/dev/null || true)
contains 'live numbers pass at once' "$live" 'event: parts'
token=$(visit --cookie "$work/jar" "$url/submit" | sed -nE 's/.*name="token" value="([^"]+)".*/\1/p' | head -n 1)
upload() { status --cookie "$work/jar" --header "Origin: $url" --form "token=$token" --form "files=@$work/$1" "$url/submit"; }
{ echo first_name,last_name,email; seq -f 'Ana,Lee,ana%.0f@example.com' 60000; } >"$work/large.csv"
expect 'a list larger than nginx takes by itself arrives' "$(upload large.csv)" 303
head -c 230000000 /dev/zero >"$work/huge.csv"
expect 'one beyond CONSOLE_UPLOAD_MB is refused' "$(upload huge.csv)" 413
rm "$work/huge.csv"
expect 'a form of another site is refused' "$(status --cookie "$work/jar" --header 'Origin: https://evil.example' --data token=x "$url/pause")" 403
expect 'a request past nginx is refused' "$(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$console/sign-in")" 403
stop

echo 'With oauth2-proxy (a stand-in that says who it is by a cookie):'
node -e '
  require("node:http").createServer((request, response) => {
    const [, user, groups] = /who=(\w+):([\w,]*)/.exec(request.headers.cookie ?? "") ?? [];
    if (request.url !== "/oauth2/auth") return response.end("sign in here");
    if (user === undefined) return response.writeHead(401).end();
    response.writeHead(202, { "x-auth-request-user": user, "x-auth-request-groups": groups }).end();
  }).listen(Number(process.argv[1]), "127.0.0.1");' "$gate" &
gate_pid=$!
start 3 2
running+=("$gate_pid")
as() { visit --cookie "who=$1" "${@:2}"; }
expect 'somebody who is not signed in is led to oauth2-proxy' "$(status "$url/")" 302
contains 'oauth2-proxy is reached' "$(visit --location "$url/")" 'sign in here'
contains 'a group gives its role' "$(as 'ana:sales,hr' "$url/")" 'ana</bdi> · operator'
contains 'everybody else is a viewer' "$(as 'bo:' "$url/")" 'bo</bdi> · viewer'
contains 'headers of a browser are replaced' \
  "$(as 'bo:' --header 'X-Forwarded-User: boss' --header 'X-Forwarded-Groups: it' "$url/")" 'bo</bdi> · viewer'
live=$(as 'bo:' --no-buffer --max-time 2 "$url/live" 2>/dev/null || true)
contains 'live numbers pass at once' "$live" 'event: parts'
token=$(as 'ana:hr' "$url/pause" | sed -nE 's/.*name="token" value="([^"]+)".*/\1/p' | head -n 1)
expect 'a form is obeyed' "$(as 'ana:hr' --output /dev/null --write-out '%{http_code}' --header "Origin: $url" --data "token=$token" "$url/pause")" 303
expect 'a local user without the secret is refused' "$(curl --silent --output /dev/null --write-out '%{http_code}' \
  --header "Host: $site:$tls" --header 'X-Forwarded-User: boss' --header 'X-Forwarded-Groups: it' "http://127.0.0.1:$console/")" 403
stop
echo 'behind-nginx: both configurations work'
