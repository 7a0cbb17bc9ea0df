package push

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/phrases"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
)

// Every reason for which an attempt fails can be read in Chinese, with the values that it names.
func TestErrorZh_knowsEveryFailure(t *testing.T) {
	for en, zh := range failures {
		n := strings.Count(en, "%s")
		require.Len(t, phrases.Verbs(zh), n, en)
		values := make([]any, n)
		for i := range values {
			values[i] = "value-" + string(rune('a'+i))
		}
		said := ErrorZh(english(lang.T(en, zh), values...))
		require.NotContains(t, said, "%!")
		for _, value := range values {
			require.Contains(t, said, value)
		}
		if !slices.Contains([]string{"null", "true", "false"}, en) {
			require.Regexp(t, `\p{Han}`, said)
		}
	}
	for text, want := range map[string]string{
		refusal([]byte(`[]`)):                                  "应答是数组，应为 JSON 对象，其中 code 为数字 0",
		refusal([]byte(`{"code":4}`)):                          "code 为 4，应为 0",
		refusal([]byte(`{"code":null}`)):                       "code 是 null，应为数字 0",
		english(failBroken, "200", english(failTimeout, "5s")): "应答 HTTP 200 之后出错：5s 内没有应答",
		DroppedBy([]string{"f1", "f2"}):                        "被故障 f1、f2 丢弃",
		DroppedBy([]string{"an object"}):                       "被故障 an object 丢弃", // whoever names a fault so
		"a message of the operating system":                    "a message of the operating system",
	} {
		require.Equal(t, want, ErrorZh(text))
	}
}

// What the dialer denies is known, too.
func TestErrorZh_knowsWhatIsDenied(t *testing.T) {
	for _, o := range []outgoing.Options{{Allow: []string{"merchant.test"}}, {DenyPrivate: true}} {
		dialer, err := outgoing.New(o)
		require.NoError(t, err)
		conn, err := dialer.Dial(t.Context(), "tcp", "127.0.0.1:9")
		require.Nil(t, conn)
		var denied *outgoing.DeniedError
		require.True(t, errors.As(err, &denied), err)
		require.NotContains(t, ErrorZh(english(failDenied, denied.Why)), denied.Why)
	}
}

// What is known of an answer beyond that it does not count stands behind why it does not, in Chinese too.
func TestAnswerErrorZh_saysMore(t *testing.T) {
	for answer, want := range map[string]string{
		`{"Code":0}`:          "Code 的值是 0",
		`{"data":{"code":0}}`: "code 放在了 data 里面",
		"success":             "它是单词 success",
	} {
		zh := AnswerErrorZh(refusal([]byte(answer)), answer)
		require.Contains(t, zh, want)
		require.NotRegexp(t, `[a-z]{3,} [a-z]{3,}`, zh, "no English is left")
	}
}
