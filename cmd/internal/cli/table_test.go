package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// A matrix is whole where it is piped, and in blocks of its columns on a terminal that is too narrow, none of whose lines is too wide.
func TestPrinter_grid(t *testing.T) {
	header := []string{"endpoint", "0", "20100", "20101"}
	rows := [][]string{{"bindcar", "4", "·", "1r"}, {"carnum", "1", "·", "0"}}
	printed := func(width int) string {
		var out strings.Builder
		p := &cli.Printer{Out: &out, Width: width}
		p.Grid(header, rows)
		return out.String()
	}
	require.Equal(t, "endpoint  0  20100  20101\nbindcar   4  ·      1r\ncarnum    1  ·      0\n", printed(0))
	require.Equal(t, "endpoint  0  20100\nbindcar   4  ·\ncarnum    1  ·\n\nendpoint  20101\nbindcar   1r\ncarnum    0\n", printed(20))
	require.Equal(t, 3, strings.Count(printed(3), "endpoint"), "a column is never left out")
}
