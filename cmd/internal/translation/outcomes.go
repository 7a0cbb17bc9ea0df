package translation

// outcomes are what commands say of what they have done, and of where it was done.
func outcomes() map[string]string {
	return map[string]string{
		"--tls-cert and --tls-key: %v": "--tls-cert 和 --tls-key：%v",
		"--admin-token: has white space in it, perhaps a line end behind it: no client could send it": "--admin-token：含有空白字符，可能末尾带了换行：没有客户端能发送它",
	}
}
