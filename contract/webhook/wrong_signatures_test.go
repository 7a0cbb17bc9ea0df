package webhook_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/sign"
)

// alsoAccepts is a merchant that accepts more than the right signment.
func alsoAccepts(more func(fields []sign.Field, signment string) bool) func() http.Handler {
	return func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			fields, signment := fieldsOf(body)
			return verifyRight(body) || len(fields) > 0 && more(fields, signment)
		}}
	}
}

func rightSignment(fields []sign.Field) string {
	return sign.Push(merchantNo, compact(fields), merchantKey)
}

// trusting accepts anything that has a signment.
var trusting = merchant{verify: func(body []byte) bool { _, signment := fieldsOf(body); return len(signment) == 32 }}

// knowing answers what it knows already before it verifies; key says what it knows a push by.
func knowing(key func(push map[string]any) string) func() http.Handler {
	return func() http.Handler {
		var mu sync.Mutex
		known := map[string]bool{}
		return merchant{
			verify: func(body []byte) bool {
				var push map[string]any
				mu.Lock()
				defer mu.Unlock()
				return json.Unmarshal(body, &push) == nil && push != nil && known[key(push)] || verifyRight(body)
			},
			store: func(push map[string]any) error {
				mu.Lock()
				defer mu.Unlock()
				if k := key(push); k != "" {
					known[k] = true
				}
				return nil
			},
		}
	}
}

// Merchants that are wrong in which signatures they accept.
var wrongSignatures = map[string]wrong{
	"accepts two keys": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return signment == sign.Push(merchantNo, compact(fields), merchantKey+"x")
	}), []string{"signature-wrong-key"}},
	"accepts a hash without the key": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return signment == sign.Push(merchantNo, compact(fields), "")
	}), []string{"signature-no-key"}},
	"accepts a hash of the data alone": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return signment == upperMD5(compact(fields))
	}), []string{"signature-no-key"}},
	"trims the signment": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return strings.TrimSpace(signment) == rightSignment(fields)
	}), []string{"signature-longer"}},
	"hashes as far as the signment": {func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			text, rest, cut := strings.Cut(string(body), `,"signment":"`)
			signment, _, _ := strings.Cut(rest, `"`)
			return cut && signment == sign.Push(merchantNo, text+"}", merchantKey) || verifyRight(body)
		}}
	}, []string{"signature-appended"}},
	"accepts any merchant's number": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return signment == sign.Push(merchantNo+"9", compact(fields), merchantKey)
	}), []string{"signature-other-merchant"}},
	"accepts an empty signment": {func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			var push map[string]any
			_ = json.Unmarshal(body, &push)
			return push["signment"] == "" || verifyRight(body)
		}}
	}, []string{"signature-empty"}},
	"accepts a signment that is no text": {func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			var push map[string]any
			_ = json.Unmarshal(body, &push)
			signment, has := push["signment"]
			_, ok := signment.(string)
			return has && !ok || verifyRight(body)
		}}
	}, []string{"signature-null"}},
	"compares as far as the text goes": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return len(signment) > 16 && strings.HasPrefix(rightSignment(fields), signment)
	}), []string{"signature-truncated"}},
	"accepts the short form of MD5": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return signment == rightSignment(fields)[:16]
	}), []string{"signature-half"}},
	"compares the first 32 digits": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		return len(signment) > 32 && signment[:32] == rightSignment(fields)
	}), []string{"signature-longer"}},
	"accepts a signment it has seen": {func() http.Handler {
		var mu sync.Mutex
		seen := map[string]bool{}
		return merchant{verify: func(body []byte) bool {
			_, signment := fieldsOf(body)
			mu.Lock()
			defer mu.Unlock()
			if verifyRight(body) {
				seen[signment] = true
			}
			return seen[signment]
		}}
	}, []string{"signature-of-another", "signature-changed-unbind", "signature-changed-certification", "signature-known-entry", "signature-known-unbind", "signature-known-certification"}},
	"does not verify unbindings": {func() http.Handler { return at("/etcp/unbind", trusting) }, []string{"signature-changed-unbind", "signature-known-unbind"}},
	"does not verify lost certifications": {
		func() http.Handler { return at("/etcp/certification-invalid", trusting) }, []string{"signature-changed-certification", "signature-known-certification"},
	},
	"hashes what should have come": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		var whole []sign.Field
		for _, f := range fields {
			if f.Name == "pushTime" {
				whole = append(whole, sign.Field{Name: "userType", Value: "76"})
			}
			whole = append(whole, f)
		}
		return signment == rightSignment(whole)
	}), []string{"signature-removed-field"}},
	"does not verify exits": {alsoAccepts(func(fields []sign.Field, signment string) bool {
		for _, f := range fields {
			if f.Name == "exitTime" {
				return len(signment) == 32
			}
		}
		return false
	}), []string{"signature-changed-exit", "signature-kinds", "signature-known-exit"}},
	"looks for the kind and synId first": {knowing(func(push map[string]any) string {
		id := textOf(push, "synId")
		if isExit(push) {
			id = "exit " + id
		}
		return id
	}), []string{"signature-known-entry"}},
	"looks for the synId first": {knowing(func(push map[string]any) string { return textOf(push, "synId") }), []string{"signature-known-entry", "signature-known-exit"}},
	"looks for the plate and time first": {
		knowing(func(push map[string]any) string {
			if isStay(push) {
				return ""
			}
			return notice(push)
		}),
		[]string{"signature-known-unbind", "signature-known-certification"},
	},
}
