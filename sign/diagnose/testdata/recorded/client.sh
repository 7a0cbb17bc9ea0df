# Mistakes made with curl 7.88: raw, get, file, multipart.
data='{"token":"a+b/c=","note":"P&R","plateNumber":"渝ATX061"}'
sign=$(printf %s "$data$KEY$STAMP" | md5sum | cut -c1-32 | tr a-f A-F)
case $1 in
raw) curl -sS "${BASE}bindcar" -d "merchant_no=M1&time_stamp=$STAMP&data=$data&sign=$sign" ;;
get) curl -sS -X GET "${BASE}carnum" --data-urlencode merchant_no=M1 --data-urlencode "time_stamp=$STAMP" --data-urlencode "data=$data" --data-urlencode "sign=$sign" ;;
file) echo "$data" > "$TMP"; curl -sS "${BASE}bindcar" -d merchant_no=M1 -d "time_stamp=$STAMP" --data-urlencode "data@$TMP" -d "sign=$sign" ;;
multipart) curl -sS "${BASE}bindcar" -F merchant_no=M1 -F "time_stamp=$STAMP" -F "data=$data" -F "sign=$sign" ;;
esac
