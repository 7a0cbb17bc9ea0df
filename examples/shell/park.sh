#!/usr/bin/env bash
# A stay from sign-in to payment, with nothing but curl, md5sum and sed.
# Needs ETCP_MOCK_URL, ETCP_MOCK_ADMIN, ETCP_MOCK_MERCHANT_NO and ETCP_MOCK_MERCHANT_KEY (`etcp-mock exec -- ./park.sh` sets them).
set -euo pipefail

# call METHOD ENDPOINT DATA: a signed request (§3, §6). sign is over the text of data itself, before curl URL-encodes it.
call() {
  local stamp sign
  stamp=$(TZ=CST-8 date +%Y%m%d%H%M%S)
  sign=$(printf '%s' "$3$ETCP_MOCK_MERCHANT_KEY$stamp" | md5sum | cut -c1-32 | tr a-f A-F)
  local how=(--get)
  [ "$1" = POST ] && how=(--request POST)
  curl --silent --show-error "${how[@]}" "$ETCP_MOCK_URL/merchant/open/1.0.0/openapi/$2" \
    --data-urlencode "merchant_no=$ETCP_MOCK_MERCHANT_NO" --data-urlencode "time_stamp=$stamp" \
    --data-urlencode "data=$3" --data-urlencode "sign=$sign"
}

# admin METHOD PATH [BODY]: the mock's control API, which the real platform does not have. A mock that others reach wants its token.
admin() {
  curl --silent --show-error --fail-with-body --request "$1" "$ETCP_MOCK_ADMIN/sandboxes/default$2" --header 'Content-Type: application/json' \
    ${ETCP_MOCK_ADMIN_TOKEN:+--header "Authorization: Bearer $ETCP_MOCK_ADMIN_TOKEN"} --data "${3:-}"
}

# field NAME: a field's value, out of the JSON on stdin.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"; }

# want TEXT ANSWER: the answer has the text, or the script ends.
want() { case $2 in *"$1"*) ;; *) echo "want $1 in: $2" >&2; exit 1 ;; esac; }

plate=渝ATX061
admin PUT /clock '{"mode":"frozen"}' >/dev/null # time moves when this script says so
token=$(call POST usersigin '{"mobilePhone":"13800000001","appId":"ETCP"}' | field token)
want '"code":0' "$(call POST bindcar "{\"token\":\"$token\",\"plateNumber\":\"$plate\"}")"

admin POST /cars/enter "{\"plateNumber\":\"$plate\",\"parkingId\":\"1\"}" >/dev/null
admin POST /clock/advance '{"by":"1h30m"}' >/dev/null

fee=$(call GET orderunpay "{\"token\":\"$token\",\"plateNumber\":\"$plate\"}")
want '"remainingFee":10' "$fee"
order=$(field orderId <<<"$fee") proof=$(field verificationInfo <<<"$fee")

paid() {
  call POST orderpaid "{\"token\":\"$token\",\"orderId\":\"$order\",\"externalOrderId\":\"E1\",\"payment\":\"$1\",\"payTime\":\"2017-08-20 13:30:00\",\"verificationInfo\":\"$proof\"}"
}
want '"code":20206' "$(paid 9)" # the wrong amount is refused
want '支付通知成功' "$(paid 10)"

admin POST /cars/exit "{\"plateNumber\":\"$plate\"}" >/dev/null
want "$order" "$(call GET orderhistory "{\"token\":\"$token\"}")"
want '"ok":true' "$(admin POST /requests/verify '{"endpoint":"orderpaid","code":0,"count":{"min":1,"max":1}}')"
echo "paid 10 yuan for order $order"
