package platform

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Both languages of an explanation name the same values, and end like sentences.
func TestCatalogue_sameValuesInBothLanguages(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[A-Za-z]+\}`)
	for reason, entry := range catalogue {
		values := func(text string) []string {
			return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(text, -1))))
		}
		require.Equal(t, values(entry.en), values(entry.zh), reason)
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, reason)
		require.Regexp(t, `[.}]$`, entry.en, reason)
		require.Regexp(t, `[。}]$`, entry.zh, reason)
	}
}

// appId, externalOrderId and code are kept: 64 characters of any kind pass, 65 do not.
func TestDecode_keptTextHasALimit(t *testing.T) {
	r := newRig(t)
	for _, character := range []string{"x", "渠", "🅿"} {
		fits, not := strings.Repeat(character, 64), strings.Repeat(character, 65)
		r.code(0, r.call("usersigin", "mobilePhone", alice, "appId", fits))
		result := r.code(6, r.call("usersigin", "mobilePhone", alice, "appId", not))
		require.Equal(t, "too-long: appId", result.Answer.Refusal.Word())
		r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", fits, "appId", "A"))
		result = r.code(6, r.call("userlogin", "mobilePhone", alice, "code", not, "appId", "A"))
		require.Equal(t, "too-long: code", result.Answer.Refusal.Word())
		pairs := []string{"token", "x", "orderId", "x", "payment", "1", "payTime", "2017-08-20 12:00:00", "verificationInfo", "x"}
		r.code(20101, r.call("orderpaid", append(pairs, "externalOrderId", fits)...))
		result = r.code(6, r.call("orderpaid", append(pairs, "externalOrderId", not)...))
		require.Equal(t, "too-long: externalOrderId", result.Answer.Refusal.Word())
	}
}

// A car cannot enter before it last left: that is a conflict, not a value that cannot be.
func TestEnter_notBeforeItLeft(t *testing.T) {
	r := newRig(t)
	r.do(Enter{Vehicle: theCar, ParkingID: "1"})
	r.pass(2 * 3600e9)
	left := r.now
	r.do(Exit{Vehicle: theCar})
	r.pass(3600e9)
	result := r.w.Apply(r.now, Enter{Vehicle: theCar, ParkingID: "1", At: left.Add(-1e9)})
	require.Equal(t, Conflict, result.Err.Kind)
	require.Equal(t, "at", result.Err.Field)
	r.do(Enter{Vehicle: theCar, ParkingID: "1", At: left})
}

// Where 0 stands for no limit a rule takes it; elsewhere a number is at least 1.
func TestRules_zeroIsNoLimit(t *testing.T) {
	for _, name := range []string{"push.rate", "memory.max"} {
		_, err := CheckRule(name, 0.0)
		require.NoError(t, err, name)
		_, err = CheckRule(name, -1.0)
		require.Error(t, err, name)
	}
	_, err := CheckRule("memory.max", float64(64<<30))
	require.NoError(t, err)
	for _, name := range []string{"log.keep", "journal.keep", "bind.max"} {
		_, err := CheckRule(name, 0.0)
		require.Error(t, err, name)
		_, err = CheckRule(name, 1.0)
		require.NoError(t, err, name)
	}
}
