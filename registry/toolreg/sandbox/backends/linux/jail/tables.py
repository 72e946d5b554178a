"""System call numbers of x86_64 and aarch64, for those calls that the sandbox names.

Source: the kernel's own headers (asm/unistd_64.h, asm-generic/unistd.h). A call that an architecture
lacks is simply not in its table. From 424 on both share one numbering.
"""

from __future__ import annotations

import os

# name x86_64 aarch64; `-` where the architecture has no such call.
_TABLE = """
accept 43 202; accept4 288 242; acct 163 89; add_key 248 217; adjtimex 159 171; bind 49 200; bpf 321 280
cachestat 451 451; capset 126 91; chmod 90 -; chown 92 -; chroot 161 51; clock_adjtime 305 266; clock_settime 227 112
clone 56 220; clone3 435 435; connect 42 203; creat 85 -; delete_module 176 106; execve 59 221
execveat 322 281; fanotify_init 300 262; fanotify_mark 301 263; fchmod 91 52; fchmodat 268 53
fchmodat2 452 452; fchown 93 55; fchownat 260 54; fcntl 72 25; finit_module 313 273; fork 57 -
fremovexattr 199 16; fsconfig 431 431; fsetxattr 190 7; fsmount 432 432; fsopen 430 430; fspick 433 433
futimesat 261 -; get_mempolicy 239 236; get_robust_list 274 100; getxattr 191 8; init_module 175 105
inotify_add_watch 254 27; inotify_init 253 -; inotify_init1 294 26; io_setup 206 0
io_uring_enter 426 426; io_uring_register 427 427; io_uring_setup 425 425; ioctl 16 29; ioperm 173 -
iopl 172 -; ioprio_set 251 30; kcmp 312 272; kexec_file_load 320 294; kexec_load 246 104; keyctl 250 219
kill 62 129; landlock_add_rule 445 445; landlock_create_ruleset 444 444; landlock_restrict_self 446 446
lchown 94 -; lgetxattr 192 9; link 86 -; linkat 265 37; listen 50 201; listmount 458 458
listxattr 194 11; llistxattr 195 12; lookup_dcookie 212 18; lremovexattr 198 15; lsetxattr 189 6
lsm_set_self_attr 460 460; mbind 237 235; memfd_create 319 279; memfd_secret 447 447
migrate_pages 256 238; mkdir 83 -; mkdirat 258 34; mknod 133 -; mknodat 259 33; modify_ldt 154 -
mount 165 40; mount_setattr 442 442; move_mount 429 429; move_pages 279 239; mq_getsetattr 245 185
mq_notify 244 184; mq_open 240 180; mq_timedreceive 243 183; mq_timedsend 242 182; mq_unlink 241 181
mseal 462 462; msgctl 71 187; msgget 68 186; msgrcv 70 188; msgsnd 69 189; name_to_handle_at 303 264
open 2 -; open_by_handle_at 304 265; open_tree 428 428; openat 257 56; openat2 437 437
perf_event_open 298 241; personality 135 92; pidfd_getfd 438 438; pidfd_open 434 434
pidfd_send_signal 424 424; pivot_root 155 41; prctl 157 167; prlimit64 302 261; process_madvise 440 440
process_mrelease 448 448; process_vm_readv 310 270; process_vm_writev 311 271; ptrace 101 117
quotactl 179 60; quotactl_fd 443 443; reboot 169 142; recvmsg 47 212; remap_file_pages 216 234
removexattr 197 14; rename 82 -; renameat 264 38; renameat2 316 276; request_key 249 218; rmdir 84 -
rt_sigqueueinfo 129 138; rt_tgsigqueueinfo 297 240; sched_setaffinity 203 122; sched_setattr 314 274
sched_setparam 142 118; sched_setscheduler 144 119; seccomp 317 277; semctl 66 191; semget 64 190
semop 65 193; semtimedop 220 192; sendmmsg 307 269; sendmsg 46 211; sendto 44 206; set_mempolicy 238 237
set_mempolicy_home_node 450 450; set_tid_address 218 96; setdomainname 171 162; sethostname 170 161
setns 308 268; setpriority 141 140; setsockopt 54 208; settimeofday 164 170; setxattr 188 5; shmat 30 196; shmctl 31 195
shmget 29 194; socket 41 198; socketpair 53 199; statmount 457 457; swapoff 168 225; swapon 167 224
symlink 88 -; symlinkat 266 36; sysfs 139 -; syslog 103 116; tgkill 234 131; tkill 200 130
truncate 76 45; umount2 166 39; unlink 87 -; unlinkat 263 35; unshare 272 97; uselib 134 -
userfaultfd 323 282; ustat 136 -; utime 132 -; utimensat 280 88; utimes 235 -; vfork 58 -
vhangup 153 58; vmsplice 278 75
"""

NEWEST_KNOWN = 462  # mseal, Linux 6.10: what came later is answered with ENOSYS until it has been looked at


class Machine:
    """One architecture as seccomp sees it. audit: its AUDIT_ARCH value; numbers: name → number."""

    __slots__ = ("audit", "name", "numbers")

    def __init__(self, name: str, audit: int, numbers: dict[str, int]) -> None:
        self.name = name
        self.audit = audit
        self.numbers = numbers


def _numbers(column: int) -> dict[str, int]:
    rows = (row.split() for row in _TABLE.replace(";", "\n").splitlines() if row.strip())
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


MACHINES = {
    "x86_64": Machine("x86_64", 0xC000003E, _numbers(1)),
    "aarch64": Machine("aarch64", 0xC00000B7, _numbers(2)),
}


def this_machine() -> Machine | None:
    """The table of the running machine; None where there is none, and then nothing may run."""
    return MACHINES.get(os.uname().machine)
