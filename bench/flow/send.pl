#!/usr/bin/perl
# Sends datagrams at a steady rate to loopback and says how it went: one line of JSON.
# usage: send.pl PORT FILE RATE SECONDS      FILE: 2-byte big-endian length + payload, repeated; RATE: datagrams/s
# Perl, because its send costs about a microsecond and every Debian has it: the sender must not be what limits.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time sleep);

my ($port, $file, $rate, $seconds) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
setsockopt($socket, SOL_SOCKET, SO_SNDBUF, 4194304);
connect($socket, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!";

open(my $in, '<:raw', $file) or die "$file: $!";
my @datagrams;
while (read($in, my $length, 2)) {
  read($in, my $payload, unpack('n', $length));
  push @datagrams, $payload;
}
close($in);

my ($sent, $failed, $next) = (0, 0, 0);
my $total = int($rate * $seconds);
my $began = time;
while ($sent + $failed < $total) {
  my $due = int((time - $began) * $rate);
  $due = $total if $due > $total;
  if ($due <= $sent + $failed) { sleep(0.0005); next; }
  for (my $n = $due - $sent - $failed; $n > 0; $n--) {
    if (defined send($socket, $datagrams[$next], 0)) { $sent++ } else { $failed++ }
    $next = 0 if ++$next == @datagrams;
  }
}
my $elapsed = time - $began;
my ($user, $system) = times;
printf("{\"sent\":%d,\"failed\":%d,\"seconds\":%.3f,\"cpu\":%.3f}\n", $sent, $failed, $elapsed, $user + $system);
