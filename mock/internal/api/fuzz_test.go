package api

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The four parameters are what net/url reads of them; the first that is not empty counts.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{
		"merchant_no=M1&time_stamp=20170721132452&data=%7B%7D&sign=A3", "merchant%5Fno=M1", "data=a+b%2B&data=c", "data=&data=x", "sign", "=&&=x", "data=%zz", "merchant_no=a=b", "data=%E6%B8%9D&x=%zz", "a;b=c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got form
		err := got.parse(text)
		if strings.Contains(text, ";") { // net/url refuses it, a servlet reads on
			return
		}
		want, wantErr := url.ParseQuery(text)
		if err != nil {
			require.Error(t, wantErr)
			return
		}
		if wantErr != nil { // a % in JSON that was not URL-encoded stays as it is
			return
		}
		first := func(name string) string {
			for _, value := range want[name] {
				if value != "" {
					return value
				}
			}
			return ""
		}
		require.Equal(t, [4]string{first("merchant_no"), first("time_stamp"), first("data"), first("sign")}, [4]string{got.merchantNo, got.timeStamp, got.data, got.sign})
	})
}

// Whether data came as a form encoder writes it is what net/url says.
func FuzzIsEscaped(f *testing.F) {
	for _, seed := range []string{"", "a b", "{\"plate\":\"渝ATX061\"}", "-_.~*!'()", "%2b+", "\xff\x00"} {
		f.Add(seed, seed)
		f.Add(url.QueryEscape(seed), seed)
		f.Add(strings.ToLower(url.QueryEscape(seed)), seed)
		f.Add(url.QueryEscape(seed)+"%", seed)
	}
	f.Fuzz(func(t *testing.T, raw, text string) {
		require.Equal(t, raw == url.QueryEscape(text), isEscaped(raw, text))
		require.True(t, isEscaped(url.QueryEscape(text), text))
	})
}
