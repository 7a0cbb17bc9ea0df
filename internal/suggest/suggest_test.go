package suggest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

func TestNearest(t *testing.T) {
	words := []string{"plateNumber", "plateColor", "parkingId", "at", "usersigin", "temporary-car", "渝停商户一号"}
	for given, want := range map[string]string{
		"plate_number": "plateNumber", "PLATECOLOR": "plateColor", "plate Color": "plateColor", "platecolour": "plateColor",
		"parkignId": "parkingId", "usersignin": "usersigin", "temporary-cra": "temporary-car", "渝停商户二号": "渝停商户一号", "At": "at",
		"plateNo": "", "parkId": "", "a": "", "": "", "it": "", "...": "", strings.Repeat("x", 1000): "",
	} {
		require.Equal(t, want, suggest.Nearest(given, words), given)
	}
	require.Equal(t, `did you mean "at"?`, suggest.DidYouMean("A.T", words))
	require.Empty(t, suggest.DidYouMean("nothing like it", words))
	require.Equal(t, "bindcar", suggest.Nearest("bindcra", []string{"bindcat", "bindcar"}), "a swap is one slip, as a change is; the first wins only if it is nearer")
}

func TestSameStart(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"entrance": "entry", "ent": "entry", "exiting": "exit", "unbound": "unbind", "unbinding": "unbind", "certification": "certification-invalid", "": "", "leave": "",
	} {
		require.Equal(t, want, suggest.SameStart(given, []string{"entry", "exit", "unbind", "certification-invalid"}), given)
	}
	require.Empty(t, suggest.SameStart("plateNo", []string{"plateNumber", "plateColor"}), "two begin so")
	require.Empty(t, suggest.SameStart("渝亭", []string{"渝停"}), "one letter of Chinese is one letter")
	require.Equal(t, "enter", suggest.SameStart("entrance", []string{"exit", "enter"}))
}
