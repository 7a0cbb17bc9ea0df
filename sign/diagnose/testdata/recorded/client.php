<?php // Mistakes made with PHP 8.2: array, multipart, entities, bom, dumped.
$mode = $argv[1]; $stamp = getenv('STAMP'); $url = getenv('BASE') . 'bindcar';
$d = ['token' => 'd970cff4-3811', 'plateNumber' => '渝ATX061', 'plateColor' => '1'];
$json = json_encode($d, JSON_UNESCAPED_UNICODE);
$form = ['merchant_no' => 'M1', 'time_stamp' => $stamp, 'data' => $json, 'sign' => strtoupper(md5($json . getenv('KEY') . $stamp))];
if ($mode === 'array') { $form['data'] = $d; }                           // http_build_query of an array
if ($mode === 'entities') { $form['data'] = htmlspecialchars($json); }
if ($mode === 'bom') { $form['data'] = "\u{FEFF}" . $json; }
if ($mode === 'dumped') { $form['sign'] = strtoupper(md5(json_encode($d) . getenv('KEY') . $stamp)); } // \u escapes
$ch = curl_init($url);
curl_setopt_array($ch, [CURLOPT_POST => true, CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => $mode === 'multipart' ? $form : http_build_query($form)]);
curl_exec($ch);
