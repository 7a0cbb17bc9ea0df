package repair_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/repair"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// plate is a plate with its province, some with a Chinese character at the end.
func plate() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		province := rapid.SampledFrom([]rune(wire.PlateProvinces)).Draw(t, "province")
		end := rapid.SampledFrom([]rune("0Z"+wire.PlateEnds)).Draw(t, "end")
		return string(province) + rapid.StringMatching(`[A-Z][A-Z0-9]{4}`).Draw(t, "middle") + string(end)
	})
}

// What was lost of a plate or a city, whatever stands for it, is among the texts that are tried in its place.
func TestFill_undoesLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := `{"plateNumber":"` + plate().Draw(t, "plate") + `","token":"t"}`
		if rapid.Bool().Draw(t, "city") {
			data = `{"city":"` + rapid.SampledFrom(repair.Cities()).Draw(t, "name") + `","radius":500}`
		}
		mark := rapid.SampledFrom(repair.Marks).Draw(t, "mark")
		per := rapid.SampledFrom([]int{1, 2, 3}).Draw(t, "marks for a character")
		damaged := wire.ReplacedBy(data, strings.Repeat(mark, per))
		runs := repair.RunsOf(damaged, mark)
		require.NotEmpty(t, runs)
		found, tries := false, 0
		repair.Fill(damaged, runs, func(text string) bool {
			tries++
			found = text == data
			return !found
		})
		require.True(t, found, "%s: %d tries", damaged, tries)
	})
}

// Runs are as long as the mark goes on, and stand where it stands.
func TestRunsOf(t *testing.T) {
	data := `?a??b锟斤拷锟斤拷`
	var pieces []string
	for _, mark := range []string{"?", "锟斤拷"} {
		for _, r := range repair.RunsOf(data, mark) {
			pieces = append(pieces, fmt.Sprint(r.From, data[r.From:r.To]))
		}
	}
	require.Equal(t, []string{"0?", "2??", "5锟斤拷锟斤拷"}, pieces)
	require.Empty(t, repair.RunsOf(data, "_"))
	calls := 0
	repair.Fill("no run", nil, func(text string) bool { calls++; return text == "no run" })
	require.Equal(t, 1, calls)
}

// A plate is found that lacks its province, and no other value.
func TestProvinceless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plate().Filter(wireEnd).Draw(t, "plate")
		_, rest, _ := strings.Cut(p, string([]rune(p)[0]))
		data := `{"token":"t-1","plateNumber":"` + rest + `"}`
		at := repair.Provinceless(data)
		require.NotNil(t, at, data)
		require.Equal(t, `"`+rest+`"`, data[at[0]:at[1]])
		require.Nil(t, repair.Provinceless(`{"plateNumber":"`+p+`"}`))
	})
	require.Nil(t, repair.Provinceless(`{"appId":"ETCP","code":"123456"}`))
}

func wireEnd(plate string) bool { return plate[len(plate)-1] < 0x80 }

// UTF-8 that was read in a charset without some of its bytes is known by what is left of provinces and cities.
func TestLossless(t *testing.T) {
	for _, c := range []wire.Charset{wire.Windows1252, wire.GB18030} {
		restored := 0
		names := append(strings.Split(wire.PlateProvinces, ""), repair.Cities()...)
		for _, name := range names {
			data := `{"city":"` + name + `"}`
			if len([]rune(name)) == 1 {
				data = `{"plateNumber":"` + name + `A12345"}`
			}
			read := wire.DecodeFrom(c, data)
			if repair.Lossless(c, read) == data {
				restored++
			}
		}
		require.Greater(t, restored, len(names)*9/10, "%s: %d of %d", c.Name, restored, len(names))
		require.Empty(t, repair.Lossless(c, `{"a":"ASCII"}`))
	}
	require.Empty(t, repair.Lossless(wire.Big5, "é"))
	both := `{"plateNumber":"川A12345","city":"广州"}` // one lost a byte, the other did not
	require.Equal(t, both, repair.Lossless(wire.Windows1252, wire.DecodeFrom(wire.Windows1252, both)))
}

// The end that a wrong Content-Length has cut off is among the completions, whichever of a plate's last characters it took.
func TestCompletions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := `{"token":"t","plateNumber":"` + plate().Draw(t, "plate") + `"}`
		missing := len(data) - len([]rune(data)) // bytes more than characters
		require.Contains(t, repair.Completions(data[:len(data)-missing], missing), data)
	})
	require.Empty(t, repair.Completions(`{"a":1}`, 2), "it is whole")
	require.Empty(t, repair.Completions(`not JSON`, 2))
	require.Empty(t, repair.Completions(`{"a":"`, 9), "too much is missing to be guessed")
}

// What languages print of an object is read as that object; their null, true and false, too.
func TestPrinted(t *testing.T) {
	for _, c := range []struct {
		printed string
		read    func(string) *jsondoc.Node
		want    string
	}{
		{`{'token': 't', 'n': 7, 'free': None, 'paid': True, 'left': False}`, repair.PythonDict, `{"token":"t","n":7,"free":null,"paid":true,"left":false}`},
		{`{u'token': u't'}`, repair.PythonDict, `{"token":"t"}`},
		{`{"token"=>"t", "n"=>7, "free"=>nil}`, repair.RubyHash, `{"token":"t","n":7,"free":null}`},
		{`{:token => "t", :plate_number => "渝A"}`, repair.RubyHash, `{"token":"t","plate_number":"渝A"}`},
		{`{"token" => "t", "free" => nil}`, repair.RubyHash, `{"token":"t","free":null}`},
		{`{token: "t", n: 7}`, repair.BareNames, `{"token":"t","n":7}`},
		{`{token:'t',inner:{a:1}}`, repair.BareNames, `{"token":"t","inner":{"a":1}}`},
		{`{token=t, plateNumber=渝A12345, appId=null}`, repair.JavaMap, `{"token":"t","plateNumber":"渝A12345","appId":null}`},
		{`BindCar(token=t, plateNumber=渝A12345)`, repair.JavaObject, `{"token":"t","plateNumber":"渝A12345"}`},
		{`com.etcp.BindCar{token='t', plateNumber='渝A12345'}`, repair.JavaObject, `{"token":"t","plateNumber":"渝A12345"}`},
		{`BindCar [token=t, n=1]`, repair.JavaObject, `{"token":"t","n":"1"}`},
		{`map[plateNumber:渝A12345 token:t]`, repair.GoMap, `{"plateNumber":"渝A12345","token":"t"}`},
	} {
		n := c.read(c.printed)
		require.NotNil(t, n, c.printed)
		require.Equal(t, c.want, string(n.Append(nil, jsondoc.Style{}, 0)))
	}
	for name, read := range map[string]func(string) *jsondoc.Node{
		"python": repair.PythonDict, "ruby": repair.RubyHash, "bare": repair.BareNames, "java map": repair.JavaMap, "java object": repair.JavaObject, "go": repair.GoMap,
	} {
		for _, other := range []string{"", "{}", `{"token":"t"}`, "{'a'", "map[", "token=t", "渝", `[1]`, "{=}"} {
			require.Nil(t, read(other), "%s: %s", name, other)
		}
	}
	numbers := repair.WithNumbers(repair.JavaMap("{payment=8.50, code=012, token=t}"))
	require.Equal(t, `{"payment":8.50,"code":"012","token":"t"}`, string(numbers.Append(nil, jsondoc.Style{}, 0)), "a leading zero is no number's")
}

// Quotes that a shell has taken away are put back around names and values that have no comma or colon.
func TestRequoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.MapOfN(rapid.StringMatching(`[a-zA-Z]{1,8}`), rapid.StringMatching(`[a-zA-Z0-9渝-]{0,8}`), 1, 5).Draw(t, "fields")
		whole, err := json.Marshal(fields)
		require.NoError(t, err)
		require.Equal(t, string(whole), repair.Requoted(strings.ReplaceAll(string(whole), `"`, ""), ",", ":"))
	})
	require.Empty(t, repair.Requoted("{a,b:c}", ",", ":"))
	require.Equal(t, `{"a": "1", "b": "2"}`, repair.Requoted("{a: 1, b: 2}", ", ", ": "))
}
