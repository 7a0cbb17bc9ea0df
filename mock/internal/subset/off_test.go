package subset_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
)

// Of values that differ, those further down are further away: numbers and amounts by their size, times by what lies between, texts by their
// characters, and what is not there, or of another form, is farthest.
func TestObject_Off(t *testing.T) {
	long := func(n int) string { return `{"a":"` + strings.Repeat("渝", n) + `"}` }
	for want, nearestFirst := range map[string][]string{
		`{"a":100}`:                   {`{"a":100.0}`, `{"a":99}`, `{"a":"98"}`, `{"a":90}`, `{"a":1}`, `{"a":[100]}`},
		`{"a":"10.00"}`:               {`{"a":"10.00"}`, `{"a":"9.99"}`, `{"a":9.5}`, `{"a":"5"}`, `{}`},
		`{"a":"2017-08-20 12:00:00"}`: {`{"a":"2017-08-20 12:00:01"}`, `{"a":"2017-08-20 11:00:00"}`, `{"a":"2017-08-21 12:00:00"}`, `{"a":null}`},
		`{"a":"渝ATX061"}`:             {`{"a":"渝ATX061"}`, `{"a":"渝ATX062"}`, `{"a":"渝ATX0"}`, `{"a":"川BTY061"}`, `{"a":"京C88888"}`},
		`{"a":[1,2,3]}`:               {`{"a":[1,2,3]}`, `{"a":[1,2,4]}`, `{"a":[1,2]}`, `{"a":[]}`},
		`{"a":{"b":1,"c":2}}`:         {`{"a":{"b":1,"c":2}}`, `{"a":{"b":1,"c":3}}`, `{"a":{"b":2,"c":3}}`, `{"a":{}}`},
		long(99):                      {long(98), long(80), `{"a":"x"}`},
	} {
		require.True(t, json.Valid([]byte(want)), want)
		o, err := subset.New([]byte(want))
		require.NoError(t, err)
		before := int64(-1)
		for _, got := range nearestFirst {
			off := o.Off(got)
			require.Greater(t, off, before, "%s of %s", got, want)
			require.Equal(t, o.Differs(got) == 0, off == 0, "%s of %s", got, want)
			before = off
		}
	}
	var none *subset.Object
	require.Zero(t, none.Off(`{"a":1}`))
}
