package strict_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// BenchmarkDecode reads a fixture of 10 000 car parks, beside encoding/json.
func BenchmarkDecode(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"parkings":[`)
	for i := range 10_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"id":"%d","name":"ETCP 智慧停车场","lat":"29.563","small":7,"count":114,"open":true,"kinds":["entry","exit"],"tariff":{"freeMinutes":15,"dailyCap":"50"}}`, i)
	}
	text.WriteString(`]}`)
	src := []byte(text.String())
	b.Run("strict", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			var v body
			require.Empty(b, strict.Decode(src, &v, strict.Limits{}))
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			var v body
			require.NoError(b, json.Unmarshal(src, &v))
		}
	})
}
