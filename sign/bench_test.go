package sign_test

import (
	"testing"

	"github.com/etcp-mock/etcp-mock/sign"
)

func BenchmarkRequest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sign.Request(docData, docKey, docStamp)
	}
}

func BenchmarkVerifier(b *testing.B) {
	b.ReportAllocs()
	v := sign.Verifier{Key: docKey}
	for b.Loop() {
		if err := v.Verify(docData, docStamp, docSign); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPushVerifier(b *testing.B) {
	b.ReportAllocs()
	body := []byte(`{"plateNumber":"渝ATX061","time":"2017-08-20 11:57:51","signment":""}`)
	v := sign.PushVerifier{MerchantNo: "M1", Key: "k"}
	for b.Loop() {
		if err := v.Verify(body); err == nil {
			b.Fatal("an empty signment was taken")
		}
	}
}

func BenchmarkPushText(b *testing.B) {
	b.ReportAllocs()
	fields := []sign.Field{{Name: "plateNumber", Value: "渝ATX061"}, {Name: "time", Value: "2017-08-20 11:57:51"}}
	for b.Loop() {
		sign.PushText(fields, sign.JSON)
	}
}
