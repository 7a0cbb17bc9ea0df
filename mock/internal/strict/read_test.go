package strict_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// A field that is there twice is found wherever it stands in its type, of which the first 64 fields are looked up in another way than the others,
// and so is one that the type does not have.
func TestDecode_twice(t *testing.T) {
	t.Parallel()
	var fields []reflect.StructField
	for i := range 70 {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(fmt.Sprintf(`json:"f%d"`, i))})
	}
	wide := reflect.StructOf(fields)
	for _, name := range []string{"f0", "f63", "f64", "f69", "nobody"} {
		into := reflect.New(wide).Interface()
		found := strict.Decode(fmt.Appendf(nil, `{%q:"a","f1":"b","f65":"c",%q:"d"}`, name, name), into, strict.Limits{})
		var twice []string
		for _, p := range found {
			if p.Detail == "this field is there twice" {
				twice = append(twice, p.Pointer)
			}
		}
		require.Equal(t, []string{"/" + name}, twice)
	}
	require.Empty(t, strict.Decode([]byte(`{"f69":"a","f64":"b","f63":"c","f1":"d","f0":"e"}`), reflect.New(wide).Interface(), strict.Limits{}), "in any order")
}

// Texts that several items have alike are theirs, each in its field; what is read is not what was sent, which may be changed after.
func TestDecode_alike(t *testing.T) {
	t.Parallel()
	text := []byte(`[{"id":"a","name":"a"},{"name":"a","id":"b"},{"id":"b"},{"id":"重庆\u0041","name":""},{"id":"重庆A","name":"b"}]`)
	var items []common
	require.Empty(t, strict.Decode(text, &items, strict.Limits{}))
	copy(text, strings.Repeat("x", len(text)))
	require.Equal(t, []common{{"a", "a"}, {"b", "a"}, {"b", ""}, {"重庆A", ""}, {"重庆A", "b"}}, items)
}
