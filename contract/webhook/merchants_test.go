package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	merchantNo  = "M1"
	merchantKey = "s3cret-of-the-merchant"
)

// rightMerchant receives pushes as the client library does it.
func rightMerchant() http.Handler {
	h := &client.PushHandler{MerchantNo: merchantNo, Key: merchantKey}
	mux := http.NewServeMux()
	mux.Handle("/etcp", h)
	mux.Handle("/etcp/unbind", h.ForKind(client.KindUnbind))
	mux.Handle("/etcp/certification-invalid", h.ForKind(client.KindCertificationInvalid))
	return mux
}

// merchant is an endpoint as merchants write it by hand. Each field is one thing that one of them does otherwise.
type merchant struct {
	prepare func(body []byte) []byte                        // before it looks at the body
	verify  func(body []byte) bool                          // nil: right
	store   func(push map[string]any) error                 // what it does with a push
	refuse  func(push map[string]any)                       // what it does with a refused one
	answer  func(w http.ResponseWriter, code int, m string) // how it answers
}

func verifyRight(body []byte) bool {
	return sign.PushVerifier{MerchantNo: merchantNo, Key: merchantKey}.Verify(body) == nil
}

func (h merchant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := func(status, code int, message string) {
		if h.answer != nil {
			h.answer(w, code, message)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"code":%d,"message":%q}`, code, message)
	}
	if r.Method != http.MethodPost {
		answer(http.StatusMethodNotAllowed, 1, "POST")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil {
		answer(http.StatusRequestEntityTooLarge, 1, "too long")
		return
	}
	if h.prepare != nil {
		body = h.prepare(body)
	}
	var push map[string]any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&push); err != nil || push["plateNumber"] == nil {
		answer(http.StatusOK, 6, "参数错误")
		return
	}
	verify := verifyRight
	if h.verify != nil {
		verify = h.verify
	}
	if !verify(body) {
		if h.refuse != nil {
			h.refuse(push)
		}
		answer(http.StatusOK, 4, "签名校验非法")
		return
	}
	if h.store != nil {
		if err := h.store(push); err != nil {
			answer(http.StatusInternalServerError, 2, err.Error())
			return
		}
	}
	answer(http.StatusOK, 0, "ok")
}

// fieldsOf reads a body's fields in their order.
func fieldsOf(body []byte) (fields []sign.Field, signment string) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	_, _ = dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		value, _ := dec.Token()
		if _, nested := value.(json.Delim); nested || value == nil {
			return nil, ""
		}
		if name == "signment" {
			signment, _ = value.(string)
			continue
		}
		if n, ok := value.(json.Number); ok {
			value = sign.Number(n)
		}
		if s, ok := name.(string); ok {
			fields = append(fields, sign.Field{Name: s, Value: value})
		}
	}
	return fields, signment
}

// hashed verifies over a text made of the fields in some way.
func hashed(text func(fields []sign.Field) string) func([]byte) bool {
	return func(body []byte) (ok bool) {
		defer func() { ok = ok && recover() == nil }()
		fields, signment := fieldsOf(body)
		return signment != "" && signment == sign.Push(merchantNo, text(fields), merchantKey)
	}
}

func compact(fields []sign.Field) string { return sign.PushText(fields, sign.JSON) }

// rewrites are the checks that every merchant breaks who parses the JSON and writes it anew before hashing.
var rewrites = []string{"raw-escapes", "raw-white-space"}

// wrong is a merchant that is wrong in one way that real code is wrong in.
type wrong struct {
	new    func() http.Handler
	breaks []string // the checks that find it
}

// wrongTables are all wrong merchants, by what they are wrong in.
var wrongTables = []map[string]wrong{wrongMerchants, wrongValues, wrongSignatures, wrongRepeats, wrongAtGarbage, wrongAnswers, wrongEveryday, wrongReading}

var wrongMerchants = map[string]wrong{
	"no verification": {
		func() http.Handler { return merchant{verify: func([]byte) bool { return true }} },
		[]string{"signature-forged"},
	},
	"lower-cases the signment": {
		func() http.Handler {
			return merchant{verify: func(body []byte) bool {
				fields, signment := fieldsOf(body)
				return strings.EqualFold(signment, sign.Push(merchantNo, compact(fields), merchantKey))
			}}
		},
		append(slices.Clone(rewrites), "signature-lower-case"),
	},
	"encodes the JSON anew, numbers too": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string {
				for i := range fields {
					if n, ok := fields[i].Value.(sign.Number); ok {
						f, _ := json.Number(n).Float64()
						fields[i].Value = sign.Number(strconv.FormatFloat(f, 'f', -1, 64))
					}
				}
				return compact(fields)
			})}
		},
		append([]string{"raw-number"}, rewrites...),
	},
	"sorts the keys": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string {
				slices.SortFunc(fields, func(a, b sign.Field) int { return strings.Compare(a.Name, b.Name) })
				return compact(fields)
			})}
		},
		[]string{"control-right-push"},
	},
	"verifies after URL-decoding": {
		func() http.Handler {
			return merchant{prepare: func(body []byte) []byte {
				text, err := url.QueryUnescape(string(body))
				if err != nil {
					return nil
				}
				return []byte(text)
			}}
		},
		[]string{"text-percent-plus"},
	},
	"crashes on an empty fixParkingId": {
		func() http.Handler {
			return merchant{store: func(push map[string]any) error {
				if space, has := push["fixParkingId"].(string); has {
					_ = space[0] == 'U'
				}
				return nil
			}}
		},
		[]string{"empty-fix-parking-id"},
	},
	"not idempotent": {
		func() http.Handler {
			u := unique{key: func(push map[string]any) any { return [2]any{push["synId"], push["exitTime"]} }}
			return merchant{store: u.insert}
		},
		[]string{"twice-entry"},
	},
	"says code 0 to anything": {
		func() http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
			})
		},
		[]string{"control-garbage"},
	},
	"verifies only what has a signment": {
		func() http.Handler {
			return merchant{verify: func(body []byte) bool {
				var push struct{ Signment any }
				_ = json.Unmarshal(body, &push)
				return push.Signment == nil || push.Signment == "" || push.Signment == true || verifyRight(body)
			}}
		},
		[]string{"signature-missing"},
	},
	"encodes the JSON anew, with HTML escapes": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string {
				return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(compact(fields))
			})}
		},
		append([]string{"text-html", "text-equals"}, rewrites...),
	},
	"encodes the JSON anew, with escaped slashes": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string { return strings.ReplaceAll(compact(fields), "/", `\/`) })}
		},
		append([]string{"text-slash"}, rewrites...),
	},
	"trims before it hashes": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string {
				for i := range fields {
					if text, ok := fields[i].Value.(string); ok {
						fields[i].Value = strings.TrimSpace(text)
					}
				}
				return compact(fields)
			})}
		},
		append([]string{"text-spaces"}, rewrites...),
	},
	"hashes a list of known fields": {
		func() http.Handler {
			return merchant{verify: hashed(func(fields []sign.Field) string {
				return compact(slices.DeleteFunc(fields, func(f sign.Field) bool { return f.Name == "memo" }))
			})}
		},
		append([]string{"unknown-field"}, rewrites...),
	},
	"leaves a field out of what it hashes": {
		func() http.Handler {
			return merchant{verify: func(body []byte) bool {
				fields, signment := fieldsOf(body)
				for _, days := range []string{"", "0", "11", "99", "365"} { // believes whatever the field says
					for i := range fields {
						if fields[i].Name == "remainingDays" {
							fields[i].Value = days
						}
					}
					if signment == sign.Push(merchantNo, compact(fields), merchantKey) {
						return true
					}
				}
				return false
			}}
		},
		append(slices.Clone(rewrites), "signature-changed-entry", "signature-changed-exit"),
	},
	"reads times on a twelve-hour clock": {
		func() http.Handler {
			return merchant{store: func(push map[string]any) error {
				at, _ := push["entranceTime"].(string)
				if len(at) == 19 && (at[11:13] == "00" || at[11:13] > "12") {
					return errors.New("hour out of range")
				}
				return nil
			}}
		},
		[]string{"time-hour-00", "time-hour-12"},
	},
	"wants seven characters of a plate": {
		func() http.Handler {
			return merchant{store: func(push map[string]any) error {
				if plate, _ := push["plateNumber"].(string); len([]rune(plate)) != 7 {
					return errors.New("plate too long")
				}
				return nil
			}}
		},
		[]string{"plate-new-energy"},
	},
	"knows a stay by synId alone": {
		func() http.Handler {
			var mu sync.Mutex
			seen := map[any]string{}
			return merchant{store: func(push map[string]any) error {
				mu.Lock()
				defer mu.Unlock()
				id, kind := push["synId"], "entry"
				if push["exitTime"] != nil {
					kind = "exit"
				}
				if id == nil {
					return nil
				}
				if was, known := seen[id]; known && was != kind {
					return errors.New("duplicate key")
				}
				seen[id] = kind
				return nil
			}}
		},
		[]string{"exit"},
	},
	"remembers what it refused": {
		func() http.Handler {
			var mu sync.Mutex
			refused := map[string]bool{}
			return merchant{
				refuse: func(push map[string]any) {
					mu.Lock()
					defer mu.Unlock()
					refused[fmt.Sprint(push["synId"])] = push["synId"] != nil
				},
				store: func(push map[string]any) error {
					mu.Lock()
					defer mu.Unlock()
					if refused[fmt.Sprint(push["synId"])] {
						return errors.New("seen before")
					}
					return nil
				},
			}
		},
		[]string{"refused-then-right"},
	},
	"has receivableFee as an int": {
		func() http.Handler {
			return merchant{store: func(push map[string]any) error {
				if fee, has := push["receivableFee"]; has {
					n, ok := fee.(json.Number)
					if _, err := n.Int64(); !ok || err != nil {
						return errors.New("cannot unmarshal into int")
					}
				}
				return nil
			}}
		},
		[]string{"exit-fee-decimal", "exit-fee-text"},
	},
}

func utf8Valid(body []byte) bool { return strings.ToValidUTF8(string(body), "") == string(body) }

// unique is a table with a unique key, and a merchant who takes its violation for a failure.
type unique struct {
	mu   sync.Mutex
	seen map[any]bool
	key  func(map[string]any) any
}

func (u *unique) insert(push map[string]any) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if push["synId"] == nil {
		return nil
	}
	if u.seen == nil {
		u.seen = map[any]bool{}
	}
	key := u.key(push)
	if u.seen[key] {
		return errors.New("duplicate key value violates unique constraint")
	}
	u.seen[key] = true
	return nil
}
