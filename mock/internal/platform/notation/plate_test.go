package notation

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// §9.4: the forms of a plate.
func TestValidPlate(t *testing.T) {
	for plate, valid := range map[string]bool{
		"渝ATX061": true, "京AD12345": true, "京O12345": true, "粤Z1234港": true, "粤Z1234澳": true, "渝A1234学": true, "渝A1234警": true,
		"使123456": true, "渝A1234应急": true, "渝A1234领": true,
		"": false, "渝": false, "渝A": false, "ATX0610": false, "渝ATX06": false, "渝ATX06123": false, "渝1TX061": false, "渝AIX061": false, "渝AOX061": false,
		"渝aTX061": false, "渝 ATX061": false, "渝ATX06渝": false, "渝A12345应急": false, "渝ABCDE应急": false, "使12345": false, "台ATX061": false, "渝ATX０６１": false,
		"渝ATX061\n": false, "\xffATX061": false,
	} {
		require.Equal(t, valid, ValidPlate(plate), "%q", plate)
	}
}

// Spaces and lower case are put right, nothing else is.
func TestNormalPlate(t *testing.T) {
	plate, spaces, lower := NormalPlate(" 渝 atx 061")
	require.Equal(t, "渝ATX061", plate)
	require.True(t, spaces && lower)
	plate, spaces, lower = NormalPlate("渝ATX061")
	require.Equal(t, "渝ATX061", plate)
	require.False(t, spaces || lower)
	plate, _, _ = NormalPlate("渝\tATX061")
	require.False(t, ValidPlate(plate), "a tab is no space")
}

// §9.7's example.
func TestMask(t *testing.T) {
	require.Equal(t, "渝****87", Mask("渝DE3787"))
	require.Equal(t, "粤****4港", Mask("粤Z1234港"))
}

func TestForms(t *testing.T) {
	for phone, valid := range map[string]bool{"13800000001": true, "19999999999": true, "12800000001": false, "1380000000": false, "138000000011": false, "+8613800000001": false, "1380000000a": false, "": false} {
		require.Equal(t, valid, ValidPhone(phone), phone)
	}
	for id, valid := range map[string]bool{"1": true, "123456789012345": true, "1234567890123456": false, "0": false, "01": false, "-1": false, "1.0": false, "": false, "a": false} {
		require.Equal(t, valid, ValidParkingID(id), id)
	}
	for color, valid := range map[string]bool{"1": true, "4": true, "0": false, "5": false, "": false, "11": false} {
		require.Equal(t, valid, ValidPlateColor(color), color)
	}
	problems := Vehicle{"x", "9"}.Validate()
	require.Len(t, problems, 2, "everything that is wrong is told at once")
	require.Equal(t, "/plateColor", problems[1].Pointer)
}

// A month before the 31st is the last day of the month before, where that is shorter (rule bind.month).
func TestMonthBefore(t *testing.T) {
	for at, want := range map[string]string{
		"2017-03-31 10:00:00": "2017-02-28 10:00:00", "2016-03-31 10:00:00": "2016-02-29 10:00:00", "2017-03-28 10:00:00": "2017-02-28 10:00:00",
		"2017-07-31 00:00:00": "2017-06-30 00:00:00", "2017-01-15 23:59:59": "2016-12-15 23:59:59",
	} {
		instant, err := ParseTime(at)
		require.NoError(t, err)
		require.Equal(t, want, FormatTime(MonthBefore(instant)), at)
	}
	// The month is Shanghai's: 16:30 UTC on the 30th is the 31st there.
	require.Equal(t, "2017-02-28 00:30:00", FormatTime(MonthBefore(time.Date(2017, 3, 30, 16, 30, 0, 0, time.UTC))))
}
