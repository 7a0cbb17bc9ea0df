package jsondoc_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
)

// text is made of what JSON libraries escape, and of what they do not.
func text() *rapid.Generator[string] {
	return rapid.StringOf(rapid.SampledFrom([]rune("aZ09 渝é𝄞/<>&='+`\"\\\n\t\x01\u2028")))
}

// anyValue is a value of some depth.
func anyValue(depth int) *rapid.Generator[*jsondoc.Node] {
	return rapid.Custom(func(t *rapid.T) *jsondoc.Node {
		kinds := []byte{'"', 'l', '{', '['}
		if depth == 0 {
			kinds = kinds[:2]
		}
		n := &jsondoc.Node{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		switch n.Kind {
		case '"':
			n.Text = text().Draw(t, "text")
		case 'l':
			n.Text = rapid.SampledFrom([]string{"null", "true", "false", "0", "-1", "5.50", "1e3", "12345678901234567890"}).Draw(t, "literal")
		default:
			for range rapid.IntRange(0, 4).Draw(t, "members") {
				if n.Kind == '{' {
					n.Names = append(n.Names, text().Draw(t, "name"))
				}
				n.Members = append(n.Members, anyValue(depth-1).Draw(t, "member"))
			}
		}
		return n
	})
}

func written(n *jsondoc.Node, s jsondoc.Style) string { return string(n.Append(nil, s, 0)) }

// Written in whatever style a library has, a value is JSON, and read again it is the same value.
func TestNode_everyStyleIsTheSameValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyValue(3).Draw(t, "value")
		style := jsondoc.Style{Spacing: rapid.IntRange(0, len(jsondoc.Spacings)-1).Draw(t, "spacing"), Escape: rapid.SampledFrom(jsondoc.Escapes).Draw(t, "escape")}
		out := written(n, style)
		require.True(t, json.Valid([]byte(out)), out)
		require.Equal(t, written(n, jsondoc.Style{}), written(jsondoc.Parse(out), jsondoc.Style{}))
	})
}

// The style that a text seems to be written in writes that text again, but where the text is written in no library's.
func TestNode_StyleOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyValue(2).Draw(t, "value")
		out := written(n, jsondoc.Style{Spacing: rapid.IntRange(0, len(jsondoc.Spacings)-1).Draw(t, "spacing"), Escape: rapid.SampledFrom(jsondoc.Escapes).Draw(t, "escape")})
		found := n.StyleOf(out)
		require.True(t, found.Regular(), out)
		require.Equal(t, out, written(n, found))
	})
	for _, irregular := range []string{`{ "a":1}`, "{\"a\" :1,\"b\":2}", "[1,\r2]"} {
		require.False(t, jsondoc.Parse(irregular).StyleOf(irregular).Regular(), irregular)
	}
	mixed := `{"a":"渝","b":"\u6e1d"}` // one is escaped, the other is not
	require.NotEqual(t, mixed, written(jsondoc.Parse(mixed), jsondoc.Parse(mixed).StyleOf(mixed)))
	require.NotContains(t, jsondoc.Escapes, jsondoc.Parse(mixed).StyleOf(mixed).Escape)
}

// A document that was cut anywhere is none, nor is one with more behind it; what is nested too deeply is not taken apart.
func TestParse_wholeDocumentsOnly(t *testing.T) {
	whole := `{"token":"t\u6e1d\"","list":[1,{"b":null}],"渝":5.50}`
	require.Equal(t, `{"token":"t渝\"","list":[1,{"b":null}],"渝":5.50}`, written(jsondoc.Parse(whole), jsondoc.Style{}))
	for at := range len(whole) {
		require.Nil(t, jsondoc.Parse(whole[:at]), whole[:at])
	}
	for _, more := range []string{"}", "x", `{"a":1}`, "\x00"} {
		require.Nil(t, jsondoc.Parse(whole+more), more)
	}
	nested := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	require.NotNil(t, jsondoc.Parse(nested(32)))
	require.Nil(t, jsondoc.Parse(nested(33)))
}

// What libraries write of one push: Python, PHP, Go, Gson, System.Text.Json, fastjson's pretty print, Jackson.
func TestNode_libraries(t *testing.T) {
	n := jsondoc.Parse(`{"plate":"渝A","url":"a/b?c=d&e='f'+\"g\""}`)
	for want, style := range map[string]jsondoc.Style{
		`{"plate": "\u6e1dA", "url": "a/b?c=d&e='f'+\"g\""}`:                          {Spacing: 1, Escape: jsondoc.EscapeUnicode},
		`{"plate":"\u6e1dA","url":"a\/b?c=d&e='f'+\"g\""}`:                            {Escape: jsondoc.EscapeUnicode | jsondoc.EscapeSlash},
		`{"plate":"渝A","url":"a/b?c=d\u0026e='f'+\"g\""}`:                             {Escape: jsondoc.EscapeHTML},
		`{"plate":"渝A","url":"a/b?c\u003dd\u0026e\u003d\u0027f\u0027+\"g\""}`:         {Escape: jsondoc.EscapeHTML | jsondoc.EscapeEquals | jsondoc.EscapeApostrophe},
		`{"plate":"\u6E1DA","url":"a/b?c=d\u0026e=\u0027f\u0027\u002B\u0022g\u0022"}`: {Escape: jsondoc.EscapeDotNet},
		"{\n\t\"plate\":\"渝A\",\n\t\"url\":\"a/b?c=d&e='f'+\\\"g\\\"\"\n}":            {Spacing: 10},
		"{\n  \"plate\" : \"渝A\",\n  \"url\" : \"a/b?c=d&e='f'+\\\"g\\\"\"\n}":        {Spacing: 7},
		"{\r\n  \"plate\": \"渝A\",\r\n  \"url\": \"a/b?c=d&e='f'+\\\"g\\\"\"\r\n}":    {Spacing: 15},
		"{\n   \"plate\" : \"渝A\",\n   \"url\" : \"a/b?c=d&e='f'+\\\"g\\\"\"\n}\n":    {Spacing: 9},
	} {
		require.Equal(t, want, written(n, style))
	}
	require.Equal(t, `"\ud834\udd1e"`, string(jsondoc.AppendStyled(nil, "𝄞", jsondoc.EscapeUnicode)), "beyond 16 bits two escapes")
}

// Sorting and reordering lose no member, and lay nothing out anew.
func TestNode_orders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyValue(2).Filter(func(n *jsondoc.Node) bool { return n.Kind == '{' }).Draw(t, "object")
		sorted := n.SortedBy(strings.Compare)
		require.True(t, slices.IsSorted(sorted.Names))
		require.ElementsMatch(t, n.Names, sorted.Names)
		require.Equal(t, written(sorted, jsondoc.Style{}), written(sorted.SortedBy(strings.Compare), jsondoc.Style{}))
		back := make([]int, len(n.Names))
		order := rapid.Permutation(jsondoc.Counted(len(n.Names))).Draw(t, "order")
		for i, at := range order {
			back[at] = i
		}
		require.ElementsMatch(t, n.Names, n.Ordered(order).Names)
		require.True(t, slices.Equal(n.Names, n.Ordered(order).Ordered(back).Names))
		joined := jsondoc.Join(n, sorted)
		require.Len(t, joined.Members, 2*len(n.Members))
		texts := joined.Without(func(m *jsondoc.Node) bool { return m.Kind != '"' })
		require.Len(t, texts.Names, len(texts.Members))
		for _, m := range texts.Members {
			require.Equal(t, byte('"'), m.Kind)
		}
	})
}

// Orders of up to six things are all of them; of more, the reverse, and each thing moved to and exchanged with each other.
func TestOrders(t *testing.T) {
	for n, want := range []int{1, 1, 2, 6, 24, 120, 720} {
		seen := map[string]bool{}
		for order := range jsondoc.Orders(n) {
			seen[fmt.Sprint(order)] = true
		}
		require.Len(t, seen, want, "%d things", n)
	}
	for _, n := range []int{7, 10} {
		seen := map[string]bool{}
		for order := range jsondoc.Orders(n) {
			require.Equal(t, jsondoc.Counted(n), slices.Sorted(slices.Values(order)), "a permutation")
			seen[fmt.Sprint(order)] = true
		}
		reversed := jsondoc.Counted(n)
		slices.Reverse(reversed)
		require.Contains(t, seen, fmt.Sprint(reversed))
		require.Contains(t, seen, fmt.Sprint(jsondoc.Counted(n)))
		require.Contains(t, seen, fmt.Sprint(append(jsondoc.Counted(n)[1:], 0)), "the first one moved to the end")
	}
	for _, n := range []int{5, 9} {
		calls := 0
		jsondoc.Orders(n)(func([]int) bool { calls++; return calls < 3 })
		require.Equal(t, 3, calls, "it ends when nothing more is wanted")
	}
}

// String.hashCode, and the orders of a HashMap and a Hashtable, as a JDK gives them.
func TestJavaOrders(t *testing.T) {
	for name, want := range map[string]uint32{"": 0, "a": 97, "hello": 99162322, "Aa": 2112, "BB": 2112, "token": 110541305, "渝": 0x6e1d, "𝄞": 0xd834*31 + 0xdd1e} {
		require.Equal(t, want, jsondoc.JavaHash(name), name)
	}
	names := []string{"token", "orderId", "externalOrderId", "payment", "payTime", "verificationInfo", "appId"}
	hashes := make([]uint32, len(names))
	for i, name := range names {
		hashes[i] = jsondoc.JavaHash(name)
	}
	inOrder := func(order []int) (out []string) {
		for _, i := range order {
			out = append(out, names[i])
		}
		return out
	}
	spread := func(h uint32) uint32 { return h ^ h>>16 }
	require.Equal(t, []string{"verificationInfo", "orderId", "payTime", "appId", "payment", "externalOrderId", "token"}, inOrder(jsondoc.Bucketed(hashes, spread, 16, false)))
	require.Equal(t, []string{"orderId", "payTime", "appId", "payment", "verificationInfo", "externalOrderId", "token"}, inOrder(jsondoc.Bucketed(hashes, spread, 128, false)))
	require.Equal(t, []string{"payment", "orderId", "externalOrderId", "verificationInfo", "token", "payTime", "appId"}, inOrder(jsondoc.Hashtable(hashes, jsondoc.Counted(len(names)))))
	many := make([]uint32, 30) // the table grows twice
	for i := range many {
		many[i] = uint32(i)
	}
	require.Equal(t, jsondoc.Counted(30), slices.Sorted(slices.Values(jsondoc.Hashtable(many, jsondoc.Counted(30)))))
	require.Equal(t, 29, jsondoc.Hashtable(many, jsondoc.Counted(30))[0], "the last bucket comes first")
}

// All and each alone; of few each choice.
func TestSubsets(t *testing.T) {
	require.Nil(t, jsondoc.Subsets(nil, false))
	require.Equal(t, [][]int{{1, 2, 3}, {1}, {2}, {1, 2}, {3}, {1, 3}, {2, 3}}, jsondoc.Subsets([]int{1, 2, 3}, false))
	require.Equal(t, [][]int{{1, 2, 3}}, jsondoc.Subsets([]int{1, 2, 3}, true))
	require.Equal(t, [][]int{{1, 2, 3, 4, 5}, {1}, {2}, {3}, {4}, {5}}, jsondoc.Subsets([]int{1, 2, 3, 4, 5}, false))
}

// A number that was written shorter, or as a double, is the same number; a whole one that Java prints as a double has a point.
func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?`).Draw(t, "number")
		want, err := strconv.ParseFloat(number, 64)
		require.NoError(t, err)
		short, err := strconv.ParseFloat(jsondoc.ShortNumber(number), 64)
		require.NoError(t, err)
		require.InDelta(t, want, short, 0)
		for i, n := range jsondoc.AsDouble(&jsondoc.Node{Kind: 'l', Text: number}) {
			got, err := strconv.ParseFloat(n.Text, 64)
			require.NoError(t, err)
			require.InDelta(t, want, got, math.Abs(want)*1e-5, "the shortest has six digits")
			if i == 0 {
				require.Contains(t, n.Text, ".")
				require.InDelta(t, want, got, 0)
			}
		}
	})
	for number, java := range map[string]string{"1": "1.0", "34560000": "3.456E7", "10000000": "1.0E7", "9999999": "9999999.0", "0.0005": "5.0E-4", "0": "0.0", "-12345678": "-1.2345678E7"} {
		require.Equal(t, java, jsondoc.AsDouble(&jsondoc.Node{Kind: 'l', Text: number})[0].Text)
	}
	require.Empty(t, jsondoc.AsDouble(&jsondoc.Node{Kind: '"', Text: "1"}), "a text is no number")
	require.Empty(t, jsondoc.AsDouble(&jsondoc.Node{Kind: 'l', Text: "true"}))
	for text, want := range map[string]bool{"1": true, "-0.5": true, "1e3": true, "": false, " 1": false, "01": false, "+1": false, "null": false, "1 ": false, "1\n": false, "NaN": false} {
		require.Equal(t, want, jsondoc.IsNumber(text), "%q", text)
	}
}

// The other texts of a number are what languages, locales and arithmetic make of it; each is another text, and comes once. What stands around a number is taken off.
func TestOtherNumbers(t *testing.T) {
	for number, others := range map[string][]string{
		"30": {"30.000000000000004", "29.999999999999996", "3E+1", "3.0E1", "3e1", "30.0000", "+30", "030", "30.", "30f", "¥30.00", "30元"}, "0.3": {"0.30000000000000004", "3E-1", ".3", "0,3", "0.30000001192092896"},
		"10000000": {"1.0E7", "1e+07", "10,000,000", "10,000,000.00"}, "1,000.00": {"1000", "1000.00"}, "30元": {"30"}, "5.1": {"5.0999999999999996447286321199499070644378662109375", "5.099999904632568"},
	} {
		all := jsondoc.OtherNumbers(number)
		require.Subset(t, all, others)
		require.NotContains(t, all, number)
		require.NotContains(t, all, "")
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(all))), len(all))
	}
	require.Empty(t, jsondoc.OtherNumbers("no number"))
	require.Empty(t, jsondoc.OtherNumbers("1e300"))
	for text, plain := range map[string]string{"1,000": "1000", "+30": "30", "030": "30", "30f": "30", ".3": "0.3", "30.": "30", "¥1,234.50": "1234.50", "-8.5e3": "-8.5e3", "0": "0", "00": "0", "x": "", "": "", "1 0": ""} {
		require.Equal(t, plain, jsondoc.Undecorated(text), text)
	}
}

// Where a form of a time says an instant, it is the one that was sent, in Asia/Shanghai.
func TestRewrittenTime(t *testing.T) {
	sent := time.Date(2017, 8, 19, 4, 7, 19, 0, time.UTC)
	instants := 0
	for _, n := range jsondoc.RewrittenTime(&jsondoc.Node{Kind: '"', Text: "2017-08-19 12:07:19"}) {
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000Z0700", "2006-01-02T15:04:05.000-0700"} {
			if at, err := time.Parse(layout, n.Text); err == nil {
				instants++
				require.True(t, at.Equal(sent), n.Text)
			}
		}
		if unix, err := strconv.ParseInt(n.Text, 10, 64); err == nil && n.Kind == 'l' {
			require.Contains(t, []int64{sent.Unix(), sent.UnixMilli()}, unix)
		}
	}
	require.GreaterOrEqual(t, instants, 6)
	for _, other := range []string{"2017-08-19", "2017-13-19 12:07:19", "not a time at all 12", ""} {
		require.Empty(t, jsondoc.RewrittenTime(&jsondoc.Node{Kind: '"', Text: other}), other)
	}
}

// The texts of a push that the rule push.sign_data knows are those that package sign writes.
func TestFlattening(t *testing.T) {
	fields := []sign.Field{{Name: "plateNumber", Value: "渝A"}, {Name: "parkId", Value: 7}, {Name: "fee", Value: sign.Number("5.50")}, {Name: "fixParkingId", Value: ""}}
	n := jsondoc.OfFields(fields)
	require.Equal(t, sign.PushText(fields, sign.JSON), written(n, jsondoc.Style{}))
	require.Equal(t, sign.PushText(fields, sign.Values), string(jsondoc.AsValues.Append(nil, n)))
	require.Equal(t, sign.PushText(fields, sign.Query), string(jsondoc.AsQuery.Append(nil, n)))
	inner := jsondoc.Parse(`{"a":{"b":[1,"x"]},"c":"d"}`)
	require.Equal(t, `{'a': {"b":[1,"x"]}, 'c': 'd'}`, string((&jsondoc.Flattening{Open: "{", Colon: ": ", Comma: ", ", Quote: "'", End: "}"}).Append(nil, inner)))
}
