# A merchant's client of curl and md5sum. Its one argument says which mistake it makes: echo, json, utc; none for none.
set -eu
data='{"token":"d970cff4","plateNumber":"渝ATX061"}'
stamp=$(TZ=CST-8 date +%Y%m%d%H%M%S)
type=application/x-www-form-urlencoded
if [ "$1" = utc ]; then stamp=$(date -u +%Y%m%d%H%M%S); fi
if [ "$1" = echo ]; then
  sign=$(echo "$data$KEY$stamp" | md5sum)
else
  sign=$(printf %s "$data$KEY$stamp" | md5sum | cut -c1-32 | tr a-f A-F)
fi
if [ "$1" = json ]; then
  curl -sS "${BASE}bindcar" -H 'Content-Type: application/json' -d "{\"merchant_no\":\"M1\",\"time_stamp\":\"$stamp\",\"data\":$data,\"sign\":\"$sign\"}"
else
  curl -sS "${BASE}bindcar" -d merchant_no=M1 -d "time_stamp=$stamp" --data-urlencode "data=$data" --data-urlencode "sign=$sign"
fi
