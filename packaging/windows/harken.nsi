; The Windows installer: for one user, no administrator, silent with /S. Run under Wine, never on Windows itself.
;
;   makensis -DVERSION=0.1.0 -DBUNDLE=..\..\build\bundle\harken -DOUT=..\..\dist\harken-setup.exe \
;            -DREMOVAL=..\..\build\removal.nsh harken.nsi
;
; TARGET names another kind of program than makensis' own, QUICK has it hardly compress: both are for tests.
;
; It installs over an older version in the same place, and starts Harken again if it ran and nobody is asked. Removal
; leaves the user's settings; /PURGE removes them too. What it has installed it removes by name (windows_installer.py
; lists it in REMOVAL): other files in its folders stay.
!ifdef TARGET
  Target ${TARGET}
!endif
Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "${REMOVAL}"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Harken"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

Name "Harken"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Harken"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Harken"
VIAddVersionKey "FileDescription" "Harken reads aloud what you select"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"
!ifdef ICON
  !define MUI_ICON "${ICON}"
!endif

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\harken.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Arabic"

; One that runs holds its files. It is asked to quit, and ended only if it does not; so are commands of it.
Var IsRunning
!macro EndHarken
  StrCpy $IsRunning ""
  nsExec::Exec /TIMEOUT=20000 '"$INSTDIR\harken.exe" quit'
  Pop $0
  ${If} $0 == 0
    StrCpy $IsRunning "yes"
  ${EndIf}
  nsExec::Exec 'taskkill /F /IM harken.exe'
  Pop $0
  ${If} $0 == 0
    Sleep 1000 ; until Windows lets go of its files
  ${EndIf}
!macroend

Section "Harken" SecHarken
  SectionIn RO
  !insertmacro EndHarken
  ; What an older version had and this one has not must not stay; that version knows what it has installed.
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR'
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Harken.lnk" "$INSTDIR\harken.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "Harken"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "The Harken maintainers"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\harken.exe"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" "$0"
  ${If} $IsRunning != ""
  ${AndIf} ${Silent} ; else the last page offers it
    Exec '"$INSTDIR\harken.exe"'
  ${EndIf}
SectionEnd

; As Harken's own setting “Start at login” writes it: reader/desktop/windows.py.
Section /o "Start at login" SecLogin
  WriteRegStr HKCU "${RUN}" "Harken" '"$INSTDIR\harken.exe"'
SectionEnd

Section "Uninstall"
  !insertmacro EndHarken
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    nsExec::Exec '"$INSTDIR\harken.exe" purge --yes'
    Pop $0
  ${EndIf}
  Delete "$SMPROGRAMS\Harken.lnk"
  ClearErrors
  ${GetOptions} $R0 "/UPGRADE" $R1
  ${If} ${Errors} ; a new version goes on starting at login
    DeleteRegValue HKCU "${RUN}" "Harken"
    DeleteRegValue HKCU "${APPROVED}" "Harken"
  ${EndIf}
  DeleteRegKey HKCU "${KEY}"
  !insertmacro RemoveInstalled
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd
