package control

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// A merchant's key is hidden in what somebody sent, whatever way it is written there, and nowhere else.
func TestHide(t *testing.T) {
	hides := mask.New(`s3cret"key`, "12345678", "k1").Knowing("k1")
	for in, want := range map[string]string{
		`{"merchantNo":"k1","key":"http://h/12345678","data":{"a":"k1"}}`:                                  `{"merchantNo":"k1","key":"http://h/12345678","data":{"a":"•••"}}`,
		`{"data":{"a":[12345678,1.5,true,null],"12345678":1}}`:                                             `{"data":{"a":["•••",1.5,true,null],"•••":1}}`,
		`{"data":{"a":"\u006b1"}}`:                                                                         `{"data":{"a":"•••"}}`,
		`{"data":"{\"a\":\"s3cret\\\"key\"}","sign":"s3cret\"key"}`:                                        `{"data":"{\"a\":\"•••\"}","sign":"•••"}`,
		`{"data":"{\"a\":\"s3cret\\u0022key\"}"}`:                                                          `{"data":"{\"a\":\"•••\"}"}`,
		`{"items":[{"headers":{"X-Key":"12345678"},"id":"12345678"}]}`:                                     `{"items":[{"headers":{"X-Key":"•••"},"id":"12345678"}]}`,
		`{"explanation":"the key k1 was sent as sign","explanationZh":"把密钥 k1 当作 sign"}`:                   `{"explanation":"the key ••• was sent as sign","explanationZh":"把密钥 ••• 当作 sign"}`,
		`{"nearest":[{"id":"r1","differs":["sign: want x, got 12345678"]}], "sign" : "k1"}`:                `{"nearest":[{"id":"r1","differs":["sign: want x, got •••"]}], "sign" : "•••"}`,
		`{"why":"of {\"a\":\"s3cret\\u0022key\"} and"}`:                                                    `{"why":"of {\"a\":\"•••\"} and"}`,
		`{"merchantNo":"12345678","endpoint":"12345678","items":[{"merchantNo":"k1"}]}`:                    `{"merchantNo":"•••","endpoint":"•••","items":[{"merchantNo":"k1"}]}`,
		`{"merchantNo":["12345678"],"endpoint":null}`:                                                      `{"merchantNo":["12345678"],"endpoint":null}`,
		`{"error":"12345678","errorZh":"12345678","nextZh":"12345678"}`:                                    `{"error":"•••","errorZh":"•••","nextZh":"12345678"}`,
		`{"orderId":"12345678","phone":"a12345678","plateNumber":"12345678","orderIdZh":"12345678"}`:       `{"orderId":"•••","phone":"a•••","plateNumber":"•••","orderIdZh":"12345678"}`,
		`{"orderId":"12345678-0000-0000-0000-00000000000F","phone":"13912345678","plateNumber":"渝A12345"}`: `{"orderId":"12345678-0000-0000-0000-00000000000F","phone":"13912345678","plateNumber":"渝A12345"}`,
		`{"text":"there is no xxx1234567…","data":"y1…"}`:                                                  `{"text":"there is no xxx•••…","data":"y1…"}`,
		`{"data":{}}`: `{"data":{}}`, `{"data":[]}`: `{"data":[]}`, `[]`: `[]`, ``: ``,
	} {
		got := string(hide([]byte(in), hides))
		require.Equal(t, want, got)
		require.Equal(t, in, string(hide([]byte(in), mask.Masker{})))
		require.True(t, in == "" || json.Valid([]byte(got)), got)
	}
}

// It is hidden in what was set too, but where merchants are shown with their keys.
func TestHide_set(t *testing.T) {
	const item = `{"url":"http://u:12345678@h/?k=12345678","name":"of 12345678","do":{"body":"12345678"},"id":"12345678"}`
	hides := mask.New("12345678")
	showing := map[string]bool{of: true, of + "/reset": true, of + "/merchants": true, of + "/merchants/:no": true, Prefix + "/sandboxes": true}
	for _, r := range (&Control{}).routes() {
		want := `{"url":"http://u:•••@h/?k=•••","name":"of •••","do":{"body":"•••"},"id":"12345678"}`
		if showing[r.path] {
			want = item
		}
		require.Equal(t, want, string(hideIn([]byte(item), hides, r.members())), "%s %s", r.method, r.path)
	}
}
