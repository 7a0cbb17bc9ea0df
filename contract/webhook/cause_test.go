package webhook_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/sign"
)

func upperMD5(text string) string {
	sum := md5.Sum([]byte(text))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// computing is a merchant that computes the signment in its own way.
func computing(signment func(fields []sign.Field) string) http.Handler {
	return merchant{verify: func(body []byte) bool {
		fields, given := fieldsOf(body)
		return given != "" && given == signment(fields)
	}}
}

// inOrder is the order in which OpenJDK's HashMap gives the names of an entry.
func inOrder(fields []sign.Field) []sign.Field {
	order := strings.Split("entranceTime,fixParkingId,exitTime,stayedTime,parkName,receivableFee,remainingDays,userType,plateNumber,pushTime,synId,parkId", ",")
	slices.SortStableFunc(fields, func(a, b sign.Field) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	return fields
}

func byName(fields []sign.Field) []sign.Field {
	slices.SortFunc(fields, func(a, b sign.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// A receiver that refuses a right push is tried with what it would compute if it made each mistake that is known, and the one that it
// makes is named with its fix.
func TestExamine_namesTheCause(t *testing.T) {
	around := func(text string) string { return merchantNo + text + merchantKey }
	for kind, row := range map[string]struct {
		signment func(fields []sign.Field) string
		fix      string
	}{
		"hashmap-order": {func(f []sign.Field) string { return upperMD5(around(compact(inOrder(f)))) }, "LinkedHashMap"},
		"md5-twice":     {func(f []sign.Field) string { return upperMD5(strings.ToLower(upperMD5(around(compact(f))))) }, "once"},
		"utf8-twice": {func(f []sign.Field) string {
			var latin strings.Builder
			for _, b := range []byte(compact(f)) {
				latin.WriteRune(rune(b))
			}
			return upperMD5(around(latin.String()))
		}, "not as ISO-8859-1"},
		"decoded-as-gbk": {func(f []sign.Field) string {
			text, _ := simplifiedchinese.GBK.NewDecoder().String(compact(f))
			return upperMD5(around(text))
		}, "UTF-8"},
		"gbk-encoded": {func(f []sign.Field) string {
			text, _ := simplifiedchinese.GBK.NewEncoder().String(compact(f))
			return upperMD5(around(text))
		}, "UTF-8"},
		"trailing-newline": {func(f []sign.Field) string { return upperMD5(around(compact(f) + "\n")) }, "line end"},
		"wechat-pay-style": {func(f []sign.Field) string {
			slices.SortFunc(f, func(a, b sign.Field) int { return strings.Compare(a.Name, b.Name) })
			f = slices.DeleteFunc(f, func(f sign.Field) bool { return f.Value == "" })
			return upperMD5(sign.PushText(f, sign.Query) + "&key=" + merchantKey)
		}, "does not sort"},
		"json-number-quoted": {func(f []sign.Field) string {
			for i := range f {
				if n, ok := f[i].Value.(sign.Number); ok {
					f[i].Value = string(n)
				}
			}
			return upperMD5(around(compact(f)))
		}, "without quotes"},
		"number-as-double": {func(f []sign.Field) string {
			for i := range f {
				if n, ok := f[i].Value.(sign.Number); ok {
					f[i].Value = n + ".0"
				}
			}
			return upperMD5(around(compact(f)))
		}, "Gson"},
		"lower-case": {func(f []sign.Field) string { return strings.ToLower(upperMD5(around(compact(f)))) }, "upper case"},
		"sha256":     {func(f []sign.Field) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(around(compact(f))))) }, "MD5"},
		"hmac-sha256": {func(f []sign.Field) string {
			mac := hmac.New(sha256.New, []byte(merchantKey))
			mac.Write([]byte(merchantNo + compact(f)))
			return fmt.Sprintf("%X", mac.Sum(nil))
		}, "no HMAC"},
		"truncated":       {func(f []sign.Field) string { return strings.ToLower(upperMD5(around(compact(f)))[8:24]) }, "32 digits"},
		"request-formula": {func(f []sign.Field) string { return upperMD5(compact(f) + merchantKey) }, "merchant_no, data, key"},
		"hmac-md5": {func(f []sign.Field) string {
			mac := hmac.New(md5.New, []byte(merchantKey))
			mac.Write([]byte(compact(f)))
			return fmt.Sprintf("%X", mac.Sum(nil))
		}, "no HMAC"},
		"key-cut": {func(f []sign.Field) string {
			return upperMD5(merchantNo + compact(f) + merchantKey[:len(merchantKey)-1])
		}, "whole key"},
		"key-trailing-newline":    {func(f []sign.Field) string { return upperMD5(around(compact(f)) + "\n") }, "trim it"},
		"lower-case, field-order": {func(f []sign.Field) string { return strings.ToLower(upperMD5(around(compact(byName(f))))) }, "upper case"},
		"lower-case, wechat-pay-style": {func(f []sign.Field) string {
			f = slices.DeleteFunc(byName(f), func(f sign.Field) bool { return f.Value == "" })
			return strings.ToLower(upperMD5(sign.PushText(f, sign.Query) + "&key=" + merchantKey))
		}, "does not sort"},
		"field-order, query-joined": {func(f []sign.Field) string { return upperMD5(around(sign.PushText(byName(f), sign.Query))) }, "name=value"},
		"signment-included": {func(f []sign.Field) string {
			return upperMD5(around(strings.TrimSuffix(compact(f), "}") + `,"signment":null}`))
		}, "out"},
		"push-time-included": {func(f []sign.Field) string {
			return upperMD5(around(compact(f)) + strings.NewReplacer("-", "", " ", "", ":", "").Replace(fmt.Sprint(f[6].Value)))
		}, "nothing else"},
		"signment-cut-badly": {func(f []sign.Field) string { return upperMD5(around(strings.TrimSuffix(compact(f), "}") + ",}")) }, "comma before it"},
		"field-added": {func(f []sign.Field) string {
			return upperMD5(around(strings.TrimSuffix(compact(f), "}") + `,"exitTime":null,"stayedTime":null,"receivableFee":null}`))
		}, "as received"},
		"field-names-rewritten": {func(f []sign.Field) string {
			for i := range f {
				f[i].Name = strings.ToUpper(f[i].Name[:1]) + f[i].Name[1:]
			}
			return upperMD5(around(compact(f)))
		}, "naming strategy"},
		"sign-number": {func(f []sign.Field) string {
			sum := md5.Sum([]byte(around(compact(f))))
			return new(big.Int).SetBytes(sum[:]).String()
		}, "32 hex digits"},
		"html-signed": {func(f []sign.Field) string { return upperMD5(around(html.EscapeString(compact(f)))) }, "HTML"},
		"field-left-out": {func(f []sign.Field) string {
			return upperMD5(around(compact(slices.DeleteFunc(f, func(f sign.Field) bool { return f.Name == "synId" }))))
		}, "all fields"},
	} {
		t.Run(kind, func(t *testing.T) {
			r, err := webhookOf(computing(row.signment)).Examine(t.Context())
			require.NoError(t, err)
			require.Contains(t, r.Cases[0].Failures[0].Fix, "("+kind+")")
			require.Contains(t, r.Cases[0].Failures[0].Fix, row.fix)
			require.NotContains(t, r.Cases[0].Failures[0].Fix, merchantKey)
		})
	}
}

// Later failures are looked into as well, and the fix speaks of what was seen.
func TestExamine_fixesSayWhatWasSeen(t *testing.T) {
	fixOf := func(h http.Handler, id string, change func(*webhook.Endpoint)) string {
		w := webhookOf(h)
		if change != nil {
			change(&w)
		}
		r, err := w.Examine(t.Context())
		require.NoError(t, err)
		for _, c := range r.Cases {
			if c.ID == id {
				require.NotEmpty(t, c.Failures, "%s passed", id)
				return c.Failures[0].Fix
			}
		}
		t.Fatal(id)
		return ""
	}
	require.Contains(t, fixOf(wrongMerchants["encodes the JSON anew, with HTML escapes"].new(), "text-html", nil), "(json-escaped-html)")
	require.Contains(t, fixOf(wrongMerchants["encodes the JSON anew, numbers too"].new(), "raw-number", nil), "(number-rewritten)")
	require.Contains(t, fixOf(merchant{verify: hashed(compact)}, "raw-white-space", nil), "(json-compacted)")
	require.Contains(t, fixOf(merchant{verify: hashed(compact)}, "raw-escapes", nil), "(json-unescaped)")
	text := merchant{answer: func(w http.ResponseWriter, code int, m string) { fmt.Fprintf(w, `{"code":"%d","message":%q}`, code, m) }}
	require.Contains(t, fixOf(text, "control-right-push", nil), `"code":0`)
	slow := merchant{store: func(map[string]any) error { time.Sleep(300 * time.Millisecond); return nil }}
	require.Contains(t, fixOf(slow, "control-right-push", func(w *webhook.Endpoint) { w.Timeout = 50 * time.Millisecond }), "store the push, answer code 0")
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("success"))
	})
	require.Contains(t, fixOf(page, "control-right-push", nil), "the word success")
	twice := merchant{answer: func(w http.ResponseWriter, code int, m string) {
		fmt.Fprintf(w, `{"code":%d,"message":%q}{"code":%[1]d}`, code, m)
	}}
	require.Contains(t, fixOf(twice, "control-right-push", nil), "something follows the JSON object")
	strict := merchant{store: func(push map[string]any) error {
		if push["memo"] != nil {
			return errors.New("unknown field")
		}
		return nil
	}, answer: func(w http.ResponseWriter, code int, m string) { fmt.Fprintf(w, `{"code":%d,"message":%q}`, code, m) }}
	for _, id := range []string{"twice-entry", "exit-without-entry"} { // the fields were accepted a moment ago, or nothing is wrong with them
		once := unique{key: func(push map[string]any) any { return [2]any{push["synId"], push["exitTime"]} }}
		var mu sync.Mutex
		entered := map[any]bool{}
		refusing := merchant{store: func(push map[string]any) error {
			mu.Lock()
			defer mu.Unlock()
			if push["exitTime"] == nil {
				entered[push["synId"]] = true
			} else if !entered[push["synId"]] {
				return errors.New("no such stay")
			}
			return once.insert(push)
		}, answer: strict.answer}
		fix := fixOf(refusing, id, nil)
		require.Contains(t, fix, "it is not the signature", id)
		require.NotContains(t, fix, "Something in these fields", id)
	}
	fix := fixOf(strict, "unknown-field", nil) // its own fix first, and that it is not the signature
	require.Contains(t, fix, "ignore what you do not know")
	require.Contains(t, fix, "it is not the signature")
}
